"""An experiment on a random function: the same calls for every program, and what is measured in their answers.

A right program may draw its numbers in a different way from ours, and so may a wrong one, so comparing bits is useless.
A program is called in several situations: the plainest call of the family, and each of its aspects. In each situation
it is called with several generators and once more with the first of them. Its answers are reduced to what does not
depend on the generator: the share of zeros, the other values, what is equal to what, and what was written into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.call_family import CallFamily
from grader.diagnosis.answers import Failed, answer_of, arrays_among, same, same_array
from grader.diagnosis.candidates import Program
from grader.diagnosis.recorder import GeneratorState, Recorded
from grader.sandbox.answer import Returned

GENERATORS = 4
IF_CERTAIN = 9  # generators if the reference is not random: one coin for all units must not look like none
SEED = 3
LINKED = 7.5  # standard deviations: 6e-14 for each distance
SKEWED = 3.0  # skewness of one coin: beyond, as below a rate of 0.09, the sums over pairs are not normal
FEW_VALUES = 12
NEAR = 1e-4  # two values are one if they differ by this share, even in float32
TOO_SHORT = 64  # units: for shorter arrays, a sum over pairs is not normal

NOTHING = "no arrays"
WRONG_SHAPE = "the wrong shape of result "
_NO_ANSWER = Returned(None)

Calls = Sequence[Recorded]
Answers = Sequence[Any]


@dataclass(frozen=True)
class Situation:
    """Calls that differ only in their generators; the last one repeats the first. `words` end "wrong if ..."."""

    number: int
    words: str
    calls: tuple[Recorded, ...]


class Link(Enum):
    """The distances in reading order at which the fates of two units depend on each other."""

    NONE = auto()
    SOME = auto()
    MOST = auto()


@dataclass(frozen=True)
class Values:
    """The values other than 0, and how often each occurs; many different values have a mean and a spread instead."""

    counts: Mapping[float, int] | None
    size: int
    mean: float = 0.0
    spread: float = 0.0
    balanced: bool = False  # one value in each draw, another one in the next, so that the mean is kept exactly


@dataclass(frozen=True)
class Measured:
    """The behaviour of a program in one situation. All but `form` and `changed` is empty unless it returns arrays.

    The first result is divided by the first array argument, number by number. `alike` are the axes along which
    all its numbers are equal. `factors` describe each other result.
    """

    form: str
    zeros: int = 0
    size: int = 0
    values: Values = Values({}, 0)
    alike: frozenset[int] = frozenset()
    counted: bool = False
    linked: Link = Link.NONE
    unmoved: bool = False
    repeats: bool = True
    factors: tuple[Factor, ...] = ()
    changed: frozenset[int] = frozenset()

    @property
    def share(self) -> float:
        """Return the share of zeros."""
        return self.zeros / max(self.size, 1)


@dataclass(frozen=True)
class Factor:
    """A result beside the first one. It `holds` if the first result is the argument times this one.

    It is `aligned` if it is 0 where the first result is, and `opposed` if it is 0 everywhere else.
    """

    holds: bool
    aligned: bool
    opposed: bool
    values: tuple[float, ...]


@lru_cache(maxsize=8)
def experiment(family: CallFamily, reference: Program) -> tuple[Situation, ...]:
    """Return the situations of a family: the plainest call first, then each aspect."""
    aspects = (("", {}), *((aspect.words, aspect.settings) for aspect in family.aspects))
    return tuple(_situation(family, reference, i, *aspect) for i, aspect in enumerate(aspects))


def _situation(
    family: CallFamily, reference: Program, number: int, words: str, settings: Mapping[str, Any]
) -> Situation:
    made = [family.make(np.random.default_rng((SEED, number, i)), **settings) for i in range(IF_CERTAIN)]
    calls = [Recorded(tuple(map(_kept, one)), {}, _NO_ANSWER, 0, after=True) for one in made]
    first, second, *others = calls
    one, other = (answer_of(reference.function, call) for call in (first, second))
    if isinstance(one, Failed):
        others = []
    elif not same(one, other):
        others = others[: GENERATORS - 2]
    return Situation(number, words, (first, second, *others, first))


@lru_cache(maxsize=8)
def right_answers(family: CallFamily, reference: Program) -> tuple[Answers, ...]:
    """Return the answers of the reference in each situation."""
    return tuple(_answers(reference, situation) for situation in experiment(family, reference))


def _answers(program: Program, situation: Situation) -> Answers:
    return [answer_of(program.function, call) for call in situation.calls]


@lru_cache(maxsize=8192)
def measured(program: Program, family: CallFamily, reference: Program, number: int) -> Measured:
    """Return what one of our programs does in one situation."""
    situation = experiment(family, reference)[number]
    return measure(situation, _answers(program, situation), right_answers(family, reference)[number])


def _kept(value: Any) -> Any:
    return GeneratorState(value.bit_generator.state) if isinstance(value, np.random.Generator) else value


def arguments_of(call: Recorded) -> tuple[Any, ...]:
    """Return the arguments of a call of the experiment, with their own generator."""
    return tuple([one.fresh() if isinstance(one, GeneratorState) else one for one in call.arguments])


def measure(situation: Situation, answers: Answers, right: Answers) -> Measured:
    """Return what a program does in a situation. `right` are the answers of the reference, which has the right form."""
    for answer, ours in zip(answers, right, strict=True):
        if isinstance(answer, Failed):
            return Measured(answer.kind)
        if answer is None:
            return Measured(NOTHING)
        if isinstance(ours, tuple) and (form := _another_form(ours, answer, situation)):
            return Measured(form)
    given = [arrays_among(call.arguments) for call in situation.calls]
    results = len(answers[0]) - len(given[0])
    changed = frozenset(
        place
        for answer, before in zip(answers, given, strict=True)
        for place, (was, now) in enumerate(zip(before, answer[results:], strict=True))
        if not same_array(was, now)
    )
    if results < 1 or not given[0] or any(one[0].shape != given[0][0].shape for one in answers):
        return Measured("", changed=changed)  # the results are not one number for each number of the argument
    with np.errstate(all="ignore"):
        scale = [before[0] for before in given]
        drawn = [np.real(one[0]).astype(float) / x for one, x in zip(answers, scale, strict=True)]
        factors = [_factor(drawn, [np.real(one[k]).astype(float) for one in answers]) for k in range(1, results)]
    return _measured(drawn, tuple(factors), changed)


def _another_form(ours: Sequence[Any], answer: Sequence[Any], situation: Situation) -> str:
    """Return how many results there are, or which one has a wrong shape; empty if the form is right."""
    if len(ours) != len(answer):
        results = len(answer) - len(arrays_among(situation.calls[0].arguments))
        return "1 result" if results == 1 else f"{results} results"
    wrong = [place for place, (right, one) in enumerate(zip(ours, answer, strict=True)) if right.shape != one.shape]
    return f"{WRONG_SHAPE}{wrong[0] + 1}" if wrong else ""


def _measured(drawn: Sequence[NDArray[Any]], factors: tuple[Factor, ...], changed: frozenset[int]) -> Measured:
    """Return the measurements of the first results; the last one repeats the first."""
    first, *others, again = drawn
    several = [first, *others]
    alike = frozenset(axis for axis in range(first.ndim) if all(_same(one, one.take([0], axis)) for one in several))
    units = [_without_copies(one, alike) for one in several]
    unmoved = all(_same(one, first) for one in others)
    if unmoved:
        units = units[:1]
    counts = {int((one == 0).sum()) for one in units}
    numbers = np.concatenate([one.ravel() for one in units])
    return Measured(
        form="",
        zeros=int((numbers == 0).sum()),
        size=numbers.size,
        values=Values(None, numbers.size, balanced=True) if _balanced(units) else _values(numbers[numbers != 0]),
        alike=alike,
        counted=len(units) > 1 and len(counts) == 1 and 0 < min(counts) < units[0].size and units[0].size > TOO_SHORT,
        linked=_linked(units),
        unmoved=unmoved,
        repeats=_same(first, again),
        factors=factors,
        changed=changed,
    )


def _balanced(units: Sequence[NDArray[Any]]) -> bool:
    """Return True if all survivors of a draw have one factor, which differs between draws and keeps the mean."""
    factors = [one.max() for one in units]
    if len(units) < 2 or units[0].size < TOO_SHORT or near(min(factors), max(factors)):
        return False
    return all(near(one.mean(), 1.0) and ((one == 0) | (one == one.max())).all() for one in units)


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return bool(((one == other) | (np.isnan(one) & np.isnan(other))).all())


def _without_copies(values: NDArray[Any], axes: frozenset[int]) -> NDArray[Any]:
    for axis in axes:
        values = values.take([0], axis)
    return values


def _values(numbers: NDArray[Any]) -> Values:
    """Return how often each value occurs; values closer than rounding are one."""
    kinds, counts = np.unique(numbers, return_counts=True)
    grouped: dict[float, int] = {}
    last = None
    for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
        if last is not None and near(kind, last):
            grouped[last] += count
        else:
            last = kind
            grouped[kind] = count
        if len(grouped) > FEW_VALUES:
            return Values(None, numbers.size, float(numbers.mean()), float(numbers.std()))
    return Values(grouped, numbers.size)


def near(one: float, other: float) -> bool:
    """Return True if two values are equal up to rounding."""
    return one == other or abs(one - other) <= NEAR * max(abs(one), abs(other)) or (one != one and other != other)


def _linked(units: Sequence[NDArray[Any]]) -> Link:
    """Return at which distances in reading order units have the same fate, or the opposite one, too often."""
    size = units[0].size
    if size < TOO_SHORT or not all(np.isfinite(one).all() for one in units):
        return Link.NONE
    deviations = np.array([one.ravel() - one.mean() for one in units])
    variance = float((deviations**2).mean())
    if not variance or abs(float((deviations**3).mean())) > SKEWED * variance**1.5:
        return Link.NONE
    together = np.fft.irfft((np.abs(np.fft.rfft(deviations, axis=1)) ** 2).sum(axis=0), size)
    scores = together[1 : (size + 1) // 2] / (variance * np.sqrt(deviations.size))
    share = float((np.abs(scores) > LINKED).mean())
    return Link.MOST if share > 0.5 else Link.SOME if share else Link.NONE


def _factor(drawn: Sequence[NDArray[Any]], factors: Sequence[NDArray[Any]]) -> Factor:
    if any(one.shape != other.shape for one, other in zip(drawn, factors, strict=True)):
        return Factor(holds=False, aligned=False, opposed=False, values=())  # where the reference raises, too
    first, factor = np.concatenate(drawn), np.concatenate(factors)
    close = np.abs(first - factor) <= NEAR * np.abs(factor)
    holds = bool((close | (first == factor) | (np.isnan(first) & np.isnan(factor))).all())
    kinds = np.unique(factor)
    off = factor == 0
    return Factor(
        holds,
        bool(((first == 0) == off).all()),
        bool(((first == 0) != off).all()),
        tuple(kinds[kinds != 0].tolist()[: FEW_VALUES + 1]),
    )
