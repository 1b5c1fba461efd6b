"""Answers that took no work: constants of the right shape, in every type, must pass no check."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.batch.trials import Trials
from grader.checks import Verdict
from grader.checks.submission import Caller
from grader.course import Fault
from grader.sandbox import Answer, Returned

Fill = Callable[[NDArray[Any], Sequence[NDArray[Any]]], NDArray[Any]]
"""Makes a constant from the right result and from the arrays that the function was given."""

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


def _input(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Return the first array of that shape among the arguments; zeros without one."""
    return next((one for one in given if one.shape == right.shape), np.zeros(right.shape))


def _mean(right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.full(right.shape, np.real(right).mean() if right.size else 0.0)


KINDS: Mapping[str, tuple[Fill, Sequence[str]]] = {
    "zeros": (_zeros, TYPES),
    "ones": (_ones, TYPES),
    "negative zeros": (_negative_zeros, FLOATS),
    "NaN": (_nan, FLOATS),
    "an argument": (_input, TYPES),
    "the mean of the right answer": (_mean, TYPES),
}
MIXED = ("zeros", "ones", "an argument")  # one for each of several results


@dataclass(frozen=True)
class Constants:
    """What stands in the place of each result: a kind for each in turn, all of one type."""

    kinds: tuple[str, ...]
    dtype: str

    def __str__(self) -> str:
        return f"{' and '.join(dict.fromkeys(self.kinds))} ({self.dtype})"

    def of(self, number: int, right: NDArray[Any], given: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return the constant in the place of the result of this number."""
        fill, _ = KINDS[self.kinds[number % len(self.kinds)]]
        with np.errstate(invalid="ignore", over="ignore"):
            return np.array(fill(right, given)).astype(self.dtype)


class ConstantCaller:
    """Asks the reference for the shapes of its results and answers with constants.

    It keeps what it did for the check that runs: how many results it replaced, and whether one of them was wrong.
    """

    def __init__(self, reference: Caller, constants: Constants) -> None:
        self._reference = reference
        self._constants = constants
        self.replaced: list[int] = []
        self.wrong: list[bool] = []

    def next_check(self, title: str) -> None:
        """Count from 0 again."""
        self.replaced.append(0)
        self.wrong.append(False)

    def call(
        self,
        function: str,
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
        *,
        return_arguments: bool = False,
        silently: bool = False,
    ) -> Answer:
        """Return constants in the form of the reference's results; what it raises is raised."""
        answer = self._reference.call(function, arguments, named, return_arguments=return_arguments, silently=silently)
        if function.startswith("@") or not isinstance(answer, Returned):
            return answer
        given = [one for one in (*arguments, *named.values()) if isinstance(one, np.ndarray)]
        number = itertools.count()
        return Returned(self._constant(answer.value, given, number), answer.arguments)

    def _constant(self, value: Any, given: Sequence[NDArray[Any]], number: Iterator[int]) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(self._constant(part, given, number) for part in value)
        if isinstance(value, dict):
            return {key: self._constant(part, given, number) for key, part in value.items()}
        if not isinstance(value, np.ndarray | bool | int | float):
            return value  # a model: there is no constant of its kind
        right = np.asarray(value)
        constant = self._constants.of(place := next(number), right, given)
        self.replaced[-1] = max(self.replaced[-1], place + 1)
        with np.errstate(invalid="ignore", over="ignore"):
            self.wrong[-1] = self.wrong[-1] or not np.array_equal(constant, right.astype(constant.dtype))
        return constant


def constants_that_pass(trials: Trials, seed: int) -> Iterator[Fault]:
    """Report each check that passes constants of the right shape and does not say why.

    Where checks train models, only float64 is tried: each constant costs the training of all checks.
    """
    told: set[str] = set()
    results = dict.fromkeys(trials.session.checks, 1)
    plain = [Constants((kind,), dtype) for kind, (_, types) in KINDS.items() for dtype in types]
    most = max(len(several) for several in trials.results.values())
    mixed = [Constants(kinds, "float64") for kinds in itertools.product(MIXED, repeat=most) if len(set(kinds)) > 1]
    for constants in [one for one in (*plain, *mixed) if not trials.trains or one.dtype == "float64"]:
        only = [check for check, count in results.items() if count >= (1 if len(constants.kinds) == 1 else 2)]
        for check, replaced, wrong in _passed(trials, seed, constants, only, results):
            # The mean of equal numbers is the right answer; zeros are none that a check should ask for.
            right_by_nature = constants.kinds == ("the mean of the right answer",) and not wrong
            if replaced and not right_by_nature and check not in told and not trials.excused(check, "constants"):
                told.add(check)
                message = (
                    f'the check "{check}" passes {constants} in place of the answers; expected that it fails, '
                    'or constants="why a constant is right here" in its marker'
                )
                yield trials.fault_of_check(check, message)


def _passed(
    trials: Trials, seed: int, constants: Constants, only: Sequence[str], results: dict[str, int]
) -> Iterator[tuple[str, int, bool]]:
    """Yield the checks that pass; `results` learns how many results each of them replaces."""
    caller = ConstantCaller(trials.direct({}), constants)
    outcomes = trials.checked_one_by_one(caller, seed, only, caller.next_check)
    for outcome, replaced, wrong in zip(outcomes, caller.replaced, caller.wrong, strict=True):
        results[outcome.name] = replaced
        if outcome.verdict is Verdict.PASSED:
            yield outcome.name, replaced, wrong
