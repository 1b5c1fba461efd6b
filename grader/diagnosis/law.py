"""Answers that chance has a part in, held against each other by their law.

A right program may draw its numbers in another way than ours, and so may a wrong one: bits tell nothing. What is
compared are the features that a draw has whatever it was drawn with: the share of zeros, the other values there are,
whether all rows are the same, whether another generator changes anything, whether the number of zeros ever varies,
and whether an argument was written to. Where our solution answers without chance, a belief either does so too, and
its numbers are compared, or it does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.diagnosis.answers import Failed, results_among, same, same_array
from grader.diagnosis.recorder import GeneratorState, Recorded

Z = 6.0  # 2e-9: there are many comparisons
FEWEST = 200  # elements from which chance can be told from a belief
LARGE = 2_000  # elements of a call that is looked at last: it costs most
FEW_VALUES = 12
LOOKED_AT = 400  # elements that show whether there are few values
DRAWS = 4  # so many draws of one size show whether their zeros are counted out
ANOTHER_SEED = 77
RARE = 0.1  # of the elements of a small answer: a value that is rarer may be missing in another one
APART = 2e-3  # between values of two kinds
ROUNDING = 1e-9

Says = Callable[[Recorded], Any]
"""What a program of ours says to a call."""


class Law:
    """The law of a learner's answers, in calls of which some are given a generator."""

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

    def is_right_without_chance(self, says: Says | None = None) -> bool:
        """Whether a program of ours, or the learner's, is right wherever our solution knows no chance."""
        if says is None:
            return all(self._is_right[i] for i in self._certain)
        return all(same(self._right[i], says(self._calls[i])) for i in self._certain)

    def followed_by(self, says: Says) -> bool:
        """Whether a program of ours draws as the learner's does, as far as chance can tell.

        What costs least is looked at first: what knows no chance, then a small draw, then all but the large ones.
        """
        ours: dict[int, Any] = {}
        chancy = []  # calls that chance has a part in here, though not in our solution
        for i in self._certain:
            ours[i] = says(self._calls[i])
            if not self._same_form(i, ours[i]):
                return False
            right = same(self._right[i], ours[i])
            if right != self._is_right[i]:
                return False
            if not right and not same(ours[i], says(self._otherwise[i])):
                chancy.append(i)
            elif not right and not same(ours[i], self._theirs[i]):
                return False
        large = [i for i in self._drawn if self._calls[i].elements > LARGE]
        small = [i for i in self._drawn if i not in large]
        enough = [i for i in small if self._calls[i].elements >= FEWEST]
        for more in (enough[:1], [*chancy, *small], large):
            for i in more:
                ours[i] = says(self._calls[i])
                if not self._same_form(i, ours[i]):
                    return False
            members = [i for i in ours if i in more or (i in (*self._drawn, *chancy) and more is large)]
            if not self._one_law(members, ours):
                return False
        return True

    def _same_form(self, i: int, one: Any) -> bool:
        """Both fail alike, or both give arrays of the same shapes and write, or do not write, into their arguments."""
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
        """Whether answers to these calls follow one law; calls that differ in arrays and generators only do."""
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


def otherwise(call: Recorded) -> Recorded:
    """The same call with another generator."""
    other = GeneratorState(np.random.default_rng(ANOTHER_SEED).bit_generator.state)

    def given(value: Any) -> Any:
        return other if isinstance(value, GeneratorState) else value

    return replace(
        call,
        arguments=tuple(map(given, call.arguments)),
        named={name: given(value) for name, value in call.named.items()},
    )


def _left_alone(call: Recorded, answer: Any) -> list[bool]:
    """Which arguments are what they were, where that was asked."""
    before = [value for value in call.arguments if isinstance(value, np.ndarray)]
    after = answer[results_among(answer, call) :]
    return [same_array(was, now) for was, now in zip(before, after, strict=False)]


@dataclass(frozen=True)
class _Features:
    """What a result is like in all calls of one kind."""

    size: int  # of independent elements
    counts: Mapping[float, int]  # how often each value is seen; only of 0 where there are many
    many: bool
    mean: float  # where there are many, of those that are not 0
    spread: float
    enough: bool  # elements for a law: of fewer only the values are compared
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
    """One of each axis along which all is the same."""
    for axis in range(values.ndim):
        first = values.take([0], axis) if values.shape[axis] else values
        if (values == first).all():
            values = first
    return values


def _kinds_of(values: NDArray[Any]) -> NDArray[Any] | None:
    """The different values; None where there are many."""
    kinds = np.unique(np.round(values[:LOOKED_AT], 3))
    if len(kinds) > min(FEW_VALUES, max(len(values) // 2, 1)):
        return None
    left = values[LOOKED_AT:]
    for kind in kinds:
        left = left[np.abs(left - kind) >= APART]
    rare = np.unique(np.round(left, 3))
    return np.concatenate([kinds, rare]) if len(kinds) + len(rare) <= FEW_VALUES else None


def _by_generator(off: Sequence[NDArray[Any]], states: Sequence[str]) -> tuple[bool, bool]:
    """Whether another generator leaves the zeros where they were, and whether the same one does."""
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
    """Return whether several draws of one size, each from another generator, always have the same number of zeros."""
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
    """Whether two counts may be of one probability."""
    share = (count + other) / (size + other_size)
    spread = np.sqrt(share * (1 - share) * (1 / size + 1 / other_size))
    return bool(abs(count / size - other / other_size) <= Z * spread + ROUNDING)
