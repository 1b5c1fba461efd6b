"""Compare random outputs by their distribution.

A right program may draw its numbers in a different way from ours, and so may a wrong one, so comparing bits is useless.
Draws are compared by features that do not depend on the generator: the share of zeros, the other values, whether all
rows are equal, whether a different generator changes anything, whether the number of zeros varies, and whether the
function wrote to an argument. If our solution is not random for a call, a misconception is either not random there
either, and its numbers are compared, or it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.diagnosis.answers import Failed, results_among, same, same_array
from grader.diagnosis.recorder import GeneratorState, Recorded

Z = 6.0  # 2e-9: there are many comparisons
FEWEST = 200  # elements: with fewer, a misconception cannot be separated from chance
LARGE = 2_000  # elements: larger calls are compared last, because they cost most
FEW_VALUES = 12
LOOKED_AT = 400  # elements that show whether there are few different values
DRAWS = 4  # draws of one size that show whether the number of zeros is fixed
ANOTHER_SEED = 77
RARE = 0.1  # share of a small answer: a rarer value may be missing in another draw
APART = 2e-3  # between two different values
ROUNDING = 1e-9

Says = Callable[[Recorded], Any]
"""Returns the answer of one of our programs to a call."""


class _Agreement(Enum):
    """The agreement of two programs in one call."""

    EXACT = auto()
    BY_CHANCE = auto()
    NONE = auto()


class Law:
    """The distribution of a learner's answers. Some of the calls were given a generator."""

    def __init__(self, calls: Sequence[Recorded], theirs: Sequence[Any], reference: Says) -> None:
        order = sorted(range(len(calls)), key=lambda i: calls[i].elements)
        self._calls = [calls[i] for i in order]
        self._theirs = [theirs[i] for i in order]
        self._otherwise = [otherwise(call) for call in self._calls]
        self._right = [reference(call) for call in self._calls]
        certain = [same(right, reference(other)) for right, other in zip(self._right, self._otherwise, strict=True)]
        self._is_right = [same(right, said) for right, said in zip(self._right, self._theirs, strict=True)]
        self._certain = sorted((i for i, sure in enumerate(certain) if sure), key=lambda i: self._is_right[i])
        self._drawn = [i for i, sure in enumerate(certain) if not sure]
        self._features: dict[tuple[int, ...], list[_Features]] = {}

    def followed_by(self, says: Says) -> bool:
        """Return True if one of our programs draws as the learner's does, as far as chance can tell.

        Calls without chance are compared first, then random ones in the order of their cost.
        """
        ours: dict[int, Any] = {}
        random_here = []  # calls in which this program is random, though our solution is not
        for i in self._certain:
            ours[i] = says(self._calls[i])
            agreement = self._agreement(i, ours[i], says)
            if agreement is _Agreement.NONE:
                return False
            if agreement is _Agreement.BY_CHANCE:
                random_here.append(i)
        for asked, compared in self._steps(random_here):
            ours.update((i, says(self._calls[i])) for i in asked)
            if not all(self._same_form(i, ours[i]) for i in asked) or not self._one_law(compared, ours):
                return False
        return True

    def _agreement(self, i: int, ours: Any, says: Says) -> _Agreement:
        """Return how a program agrees with the learner in a call for which our solution is not random."""
        is_right = same(self._right[i], ours)
        if not self._same_form(i, ours) or is_right != self._is_right[i]:
            return _Agreement.NONE
        if is_right or same(ours, says(self._otherwise[i])):
            return _Agreement.EXACT if is_right or same(ours, self._theirs[i]) else _Agreement.NONE
        return _Agreement.BY_CHANCE

    def _steps(self, random_here: Sequence[int]) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        """Yield the calls to ask and the calls to compare by law, the cheapest step first.

        One small draw comes first, then all but the large ones, then everything.
        """
        large = [i for i in self._drawn if self._calls[i].elements > LARGE]
        small = [i for i in self._drawn if i not in large]
        first = [i for i in small if self._calls[i].elements >= FEWEST][:1]
        others = [i for i in small if i not in first]
        yield first, first
        compared = [*random_here, *first, *others]
        yield others, compared
        if large:
            yield large, [*compared, *large]

    def _same_form(self, i: int, one: Any) -> bool:
        """Return True if both fail alike, or both give arrays of the same shapes and write into the same arguments."""
        call, other = self._calls[i], self._theirs[i]
        if one is None or other is None or isinstance(one, Failed) or isinstance(other, Failed):
            return same(one, other)
        if len(one) != len(other) or any(a.shape != b.shape for a, b in zip(one, other, strict=True)):
            return False
        return results_among(one, call) == len(one) or _left_alone(call, one) == _left_alone(call, other)

    @cached_property
    def _kinds(self) -> list[str]:
        return [
            repr([v for v in (*call.arguments, *call.named.items()) if not isinstance(v, np.ndarray | GeneratorState)])
            for call in self._calls
        ]

    def _one_law(self, several: Sequence[int], ours: dict[int, Any]) -> bool:
        """Return True if the answers follow one law, for each group of calls with the same other arguments."""
        groups: dict[str, list[int]] = defaultdict(list)
        for i in several:
            if isinstance(ours[i], tuple):
                groups[self._kinds[i]].append(i)
        for members in map(tuple, groups.values()):
            calls = [self._calls[i] for i in members]
            if members not in self._features:
                self._features[members] = _features([self._theirs[i] for i in members], calls)
            if not all(map(_alike, _features([ours[i] for i in members], calls), self._features[members])):
                return False
        return True


@cache
def _another_generator() -> GeneratorState:
    return GeneratorState(np.random.default_rng(ANOTHER_SEED).bit_generator.state)


def otherwise(call: Recorded) -> Recorded:
    """Return the same call with another generator."""
    other = _another_generator()

    def given(value: Any) -> Any:
        return other if isinstance(value, GeneratorState) else value

    return replace(
        call,
        arguments=tuple(map(given, call.arguments)),
        named={name: given(value) for name, value in call.named.items()},
    )


def _left_alone(call: Recorded, answer: Any) -> list[bool]:
    """Return for each array argument whether it is unchanged, if that was asked."""
    before = [value for value in call.arguments if isinstance(value, np.ndarray)]
    after = answer[results_among(answer, call) :]
    return [same_array(was, now) for was, now in zip(before, after, strict=False)]


@dataclass(frozen=True)
class _Features:
    """The features of one result in all calls of one kind."""

    size: int  # of independent elements
    counts: Mapping[float, int]  # how often each value occurs; only 0 if there are many values
    many: bool
    mean: float  # if there are many values, of those that are not 0
    spread: float
    enough: bool  # elements for a law: with fewer, only the values are compared
    flags: tuple[bool, ...]


def _features(answers: Sequence[Any], calls: Sequence[Recorded]) -> list[_Features]:
    results = results_among(answers[0], calls[0])
    states = [repr([v for v in (*c.arguments, *c.named.values()) if isinstance(v, GeneratorState)]) for c in calls]
    return [_features_of([np.real(one[k]).astype(float) for one in answers], states) for k in range(results)]


def _features_of(results: list[NDArray[Any]], states: Sequence[str]) -> _Features:
    off = [one == 0 for one in results]
    large = [one for one in results if one.size >= FEWEST and one.ndim > 1 and len(one) > 1]
    rows_equal = bool(large) and all((one == one[:1]).all() for one in large)
    unmoved, repeatable = _by_generator(off, states)
    enough = sum(one.size for one in results) >= FEWEST
    flags = (rows_equal, unmoved, repeatable, _counted_out(off, states))
    if rows_equal:  # all rows are one draw
        results = list(map(_without_copies, results))
    if unmoved:  # and so are all calls
        results = [max(results, key=lambda one: one.size)]
    values = np.concatenate([one.ravel() for one in results])
    other = values[values != 0]
    kinds = _kinds_of(other)
    zeros = {0.0: values.size - other.size}
    if kinds is not None:
        counts = {**zeros, **{float(kind): int((np.abs(other - kind) < APART).sum()) for kind in kinds}}
        return _Features(values.size, counts, False, 0.0, 0.0, enough, flags)
    return _Features(values.size, zeros, True, float(other.mean()), float(other.std()), enough, flags)


def _without_copies(values: NDArray[Any]) -> NDArray[Any]:
    """Return one slice of each axis along which all values are equal."""
    for axis in range(values.ndim):
        first = values.take([0], axis) if values.shape[axis] else values
        if (values == first).all():
            values = first
    return values


def _kinds_of(values: NDArray[Any]) -> NDArray[Any] | None:
    """Return the different values; None if there are many."""
    kinds = np.unique(np.round(values[:LOOKED_AT], 3))
    if len(kinds) > min(FEW_VALUES, max(len(values) // 2, 1)):
        return None
    left = values[LOOKED_AT:]
    for kind in kinds:
        left = left[np.abs(left - kind) >= APART]
    rare = np.unique(np.round(left, 3))
    return np.concatenate([kinds, rare]) if len(kinds) + len(rare) <= FEW_VALUES else None


def _by_generator(off: Sequence[NDArray[Any]], states: Sequence[str]) -> tuple[bool, bool]:
    """Return whether another generator leaves the zeros in place, and whether the same one does."""
    unmoved: bool | None = None
    repeatable = True
    seen: dict[tuple[int, ...], list[tuple[str, bytes]]] = defaultdict(list)
    for one, state in zip(off, states, strict=True):
        if one.size < FEWEST or not one.any():
            continue
        zeros = one.tobytes()
        for other_state, other_zeros in seen[one.shape]:
            if state == other_state:
                repeatable = repeatable and zeros == other_zeros
            else:
                unmoved = zeros == other_zeros and unmoved is not False
        seen[one.shape].append((state, zeros))
    return bool(unmoved), repeatable


def _counted_out(off: Sequence[NDArray[Any]], states: Sequence[str]) -> bool:
    """Return True if draws of one size from different generators always have the same number of zeros."""
    counts: dict[tuple[int, ...], dict[str, int]] = defaultdict(dict)
    for one, state in zip(off, states, strict=True):
        if one.size >= FEWEST:
            counts[one.shape][state] = int(one.sum())
    several = [list(seen.values()) for seen in counts.values() if len(seen) >= DRAWS]
    several = [seen for seen in several if seen[0] >= DRAWS]
    return bool(several) and all(len(set(seen)) == 1 for seen in several)


def _alike(one: _Features, other: _Features) -> bool:
    if one.flags != other.flags or one.many != other.many:
        return False
    found = {kind: _count_near(kind, other.counts) for kind in one.counts}
    found |= {kind: count for kind, count in other.counts.items() if not _count_near(kind, one.counts)}
    for kind, count in found.items():
        if not _by_chance(one.counts.get(kind, 0), one.size, count, other.size):
            return False
    if not (one.enough and other.enough):
        fewer, more = sorted((one, other), key=lambda each: sum(map(bool, each.counts.values())))
        frequent = [kind for kind, count in fewer.counts.items() if count and count >= RARE * fewer.size]
        return one.many or all(_count_near(kind, more.counts) for kind in frequent)
    if not one.many:
        return True
    n, m = one.size - one.counts[0.0], other.size - other.counts[0.0]
    chance = max(one.spread, other.spread) * np.sqrt(1 / n + 1 / m)
    close = abs(one.mean - other.mean) <= Z * chance + ROUNDING
    return bool(close and 0.8 <= one.spread / max(other.spread, ROUNDING) <= 1.25)


def _count_near(kind: float, counts: Mapping[float, int]) -> int:
    return sum(count for other, count in counts.items() if abs(kind - other) < APART)


def _by_chance(count: int, size: int, other: int, other_size: int) -> bool:
    """Return True if two counts may come from one probability."""
    share = (count + other) / (size + other_size)
    spread = np.sqrt(share * (1 - share) * (1 / size + 1 / other_size))
    return bool(abs(count / size - other / other_size) <= Z * spread + ROUNDING)
