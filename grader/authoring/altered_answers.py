"""Alter the answers of the reference, to test that no check accepts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.authoring.trials import Trials
from grader.checks import CheckOutcome
from grader.sandbox import Answer, Caller, Request, Returned

Alter = Callable[[Any, tuple[Any, ...]], Any]
"""Returns a different answer, made from the right one and the arguments."""

ROUNDING = 1e-5


@dataclass
class Alteration:
    """The alterations in one check: the most results of any call, and if an answer became wrong."""

    results: int = 0
    wrong: bool = False


Answered = Mapping[str, Sequence[tuple[Any, tuple[Any, ...]]]]
"""The answers of the reference in each check, with the arguments of each call."""


class AlteringCaller(Caller):
    """Asks the reference and alters what it returns. Exceptions and operations on models stay the same."""

    def __init__(self, reference: Caller, alter: Alter) -> None:
        self._reference = reference
        self._alter = alter
        self.alterations: list[Alteration] = []

    def begin(self, title: str) -> None:
        """Begin the next check."""
        self.alterations.append(Alteration())

    def ask(self, request: Request) -> Answer:
        """Return the altered answer."""
        answer = self._reference.ask(request)
        if request.is_operation or not isinstance(answer, Returned):
            return answer
        value = self._alter(answer.value, (*request.arguments, *request.named.values()))
        alteration = self.alterations[-1]
        alteration.results = max(alteration.results, sum(1 for _ in leaves(answer.value)))
        alteration.wrong = alteration.wrong or not alike(value, answer.value)
        return Returned(value, answer.arguments)


def outcomes_of(
    trials: Trials, seed: int, reference: Caller, alter: Alter, only: Sequence[str]
) -> Iterator[tuple[CheckOutcome, Alteration]]:
    """Yield the outcome of each check in `only`, with what was altered in it."""
    caller = AlteringCaller(reference, alter)
    yield from zip(trials.altered(caller, seed, only, caller.begin), caller.alterations, strict=True)


def answered(trials: Trials, seed: int, reference: Caller) -> Answered:
    """Return what the reference answers in each check."""
    found: list[list[tuple[Any, tuple[Any, ...]]]] = []

    def note(value: Any, arguments: tuple[Any, ...]) -> Any:
        found[-1].append((value, arguments))
        return value

    caller = AlteringCaller(reference, note)

    def begin(title: str) -> None:
        found.append([])
        caller.begin(title)

    outcomes = trials.altered(caller, seed, trials.session.checks, begin)
    return {outcome.name: calls for outcome, calls in zip(outcomes, found, strict=True)}


def touched(alter: Alter, known: Answered, checks: Sequence[str]) -> list[str]:
    """Return the checks in which this alters an answer. All other checks would see only right answers."""
    return [
        check
        for check in checks
        if any(not alike(alter(value, arguments), value) for value, arguments in known.get(check, ()))
    ]


def leaves(value: Any) -> Iterator[Any]:
    """Yield the arrays and numbers of an answer."""
    if isinstance(value, tuple | list):
        for part in value:
            yield from leaves(part)
    elif isinstance(value, dict):
        yield from leaves(list(value.values()))
    elif isinstance(value, np.ndarray | bool | int | float):
        yield value


def alike(one: Any, other: Any) -> bool:
    """Return True if two answers have the same form and, except for rounding, the same numbers."""
    if isinstance(one, tuple | list) or isinstance(other, tuple | list):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) or isinstance(other, dict):
        return (
            type(one) is type(other) and one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
        )
    if next(leaves(one), None) is None or next(leaves(other), None) is None:
        return one is other
    first, second = np.asarray(one), np.asarray(other)
    if first.shape != second.shape or "O" in (first.dtype.kind, second.dtype.kind):
        return False
    return bool(np.allclose(first, second, rtol=ROUNDING, atol=0))
