"""Try constants of the right shape and any type. They must earn no points.

A check that passes a constant earns its share of the points of its criterion, whatever the other checks find. So it may
do that only if the criterion must hold as a whole, and another of its checks fails.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.authoring.altered_answers import outcomes_of
from grader.authoring.remembered_answers import LearningCaller
from grader.authoring.trials import Trials
from grader.checks import Verdict
from grader.course import Fault

Fill = Callable[[NDArray[Any], Sequence[NDArray[Any]]], NDArray[Any]]
"""Make a constant from the right result and the array arguments of the call."""

FLOATS = ("float64", "float32", "float16")
TYPES = (*FLOATS, "int64", "bool")


def _zeros(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.zeros(right.shape)


def _ones(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.ones(right.shape)


def _negative_zeros(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.full(right.shape, -0.0)


def _nan(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.full(right.shape, np.nan)


def _argument(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the first argument with that shape, or zeros if there is none."""
    return next((one for one in given if one.shape == right.shape), np.zeros(right.shape))


def _mean(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.full(right.shape, np.real(right).mean() if right.size else 0.0)


MEAN = "the mean of the right answer"
KINDS: Mapping[str, tuple[Fill, Sequence[str]]] = {
    "zeros": (_zeros, TYPES),
    "ones": (_ones, TYPES),
    "negative zeros": (_negative_zeros, FLOATS),
    "NaN": (_nan, FLOATS),
    "an argument": (_argument, TYPES),
    MEAN: (_mean, TYPES),
}
MIXED = ("zeros", "ones", "an argument")  # for functions with several results


@dataclass(frozen=True)
class Constants:
    """Constants for the results of a function. The kinds are used in turn; all have the same type."""

    kinds: tuple[str, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{' and '.join(dict.fromkeys(self.kinds))} ({self.dtype})"

    def instead_of(self, value: Any, arguments: tuple[Any, ...]) -> Any:
        """Return an answer of the same form with constants for its numbers. Anything else, such as a model, stays."""
        given = [one for one in arguments if isinstance(one, np.ndarray)]
        return self._instead_of(value, given, itertools.count())

    def _instead_of(self, value: Any, given: Sequence[NDArray[Any]], number: Iterator[int]) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(self._instead_of(part, given, number) for part in value)
        if isinstance(value, dict):
            return {key: self._instead_of(part, given, number) for key, part in value.items()}
        if not isinstance(value, np.ndarray | bool | int | float):
            return value
        fill, _ = KINDS[self.kinds[next(number) % len(self.kinds)]]
        with np.errstate(invalid="ignore", over="ignore"):
            return np.array(fill(np.asarray(value), given)).astype(self.dtype)


def passed_by_constants(trials: Trials, seed: int) -> Iterator[Fault]:
    """Report each check that passes constants of the right shape, unless it says why and they earn nothing.

    If checks train models, only float64 is tried, because each constant costs a training in each check that it alters.
    """
    passing: set[str] = set()
    reported: set[str] = set()
    reference = LearningCaller(trials.direct({}))
    results = dict.fromkeys(trials.session.checks, 1)
    plain = [Constants((kind,), dtype) for kind, (_, types) in KINDS.items() for dtype in types]
    mixed = [Constants(kinds, "float64") for kinds in itertools.product(MIXED, repeat=trials.most_results)]
    several = [one for one in mixed if len(set(one.kinds)) > 1]
    for constants in (one for one in (*plain, *several) if not trials.uses_keras or one.dtype == "float64"):
        only = [check for check, count in results.items() if count >= min(len(constants.kinds), 2)]
        found = list(outcomes_of(trials, seed, reference, constants.instead_of, only))
        passed = {outcome.name for outcome, _ in found if outcome.verdict is Verdict.PASSED}
        for outcome, altered in found:
            check = outcome.name
            results[check] = altered.results
            # The mean of equal numbers is the right answer. Zeros as the right answer are too easy for a check.
            is_wrong = altered.wrong or constants.kinds != (MEAN,)
            if check not in passed or not altered.results or not is_wrong:
                continue
            passing.add(check)
            if check not in reported and (complaint := _complaint(trials, check, passed)):
                reported.add(check)
                message = f'the check "{check}" passes {constants} instead of the right answers{complaint}'
                yield trials.fault_of_check(check, message)
    yield from trials.idle_reasons("constants", passing, "why a constant passes it, but no constant does")


def _complaint(trials: Trials, check: str, passed: Collection[str]) -> str:
    """Return why a check must not pass constants, if `passed` are the checks that do; empty if it may."""
    points = trials.points_for(check, passed)
    if points:
        return f", which gives {points:g} {'point' if points == 1 else 'points'}; it must fail"
    if trials.session.reason(check, "constants"):
        return ""
    return '; it must fail, or say constants="why a constant is right here" in its marker'
