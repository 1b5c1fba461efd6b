"""Try malformed answers: a check must neither crash on them nor pass them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.authoring.altered_answers import Alter, answered, outcomes_of, touched
from grader.authoring.remembered_answers import LearningCaller
from grader.authoring.trials import Trials, first
from grader.checks import Verdict
from grader.course import Fault
from grader.sandbox import Answer, Caller, Foreign, Request

Whole = Callable[[Any], Any]
HANDLE = Foreign("a Model", 0, 0)


@dataclass(frozen=True)
class Malformation:
    """A way to spoil an answer. If `fails` is false, a check may pass it: some are accepted with a remark."""

    name: str
    of: Whole
    fails: bool = True


def _shaped(spoil: Callable[[NDArray[Any]], Any]) -> Whole:
    """Return a function that spoils arrays and numbers and returns everything else unchanged."""
    return lambda right: spoil(np.asarray(right)) if isinstance(right, np.ndarray | bool | int | float) else right


def _in_dict(spoil: Callable[[dict[str, Any]], Any]) -> Whole:
    return lambda right: spoil(right) if isinstance(right, dict) else right


def _cut(right: NDArray[Any], axis: int) -> NDArray[Any]:
    return right.take(range(max(right.shape[axis] - 1, 0)), axis) if right.ndim else np.zeros(0)


def _longer(right: NDArray[Any], axis: int) -> NDArray[Any]:
    if not right.ndim:
        return np.stack([right, right])
    added = np.zeros(tuple(1 if at == axis % right.ndim else n for at, n in enumerate(right.shape)), right.dtype)
    return np.concatenate([right, added], axis)


def _inner(right: NDArray[Any]) -> NDArray[Any]:
    return right[0] if right.ndim and len(right) else np.zeros((1, 0))


FORMS = (
    Malformation("one too short", _shaped(partial(_cut, axis=-1))),
    Malformation("one too short in the first axis", _shaped(partial(_cut, axis=0))),
    Malformation("one too long", _shaped(partial(_longer, axis=-1))),
    Malformation("one too long in the first axis", _shaped(partial(_longer, axis=0))),
    Malformation("one axis more", _shaped(lambda right: right[None]), fails=False),
    Malformation("one axis more at the end", _shaped(lambda right: right[..., None]), fails=False),
    Malformation("one axis fewer", _shaped(_inner)),
    Malformation("flat", _shaped(np.ravel), fails=False),
    Malformation("a list", _shaped(lambda right: right.tolist()), fails=False),
    Malformation("complex numbers", _shaped(lambda right: right + 1j)),
    Malformation("NaN", _shaped(lambda right: np.full(right.shape, np.nan))),
    Malformation("infinite numbers", _shaped(lambda right: np.full(right.shape, -np.inf))),
    Malformation("a dict without its first key", _in_dict(lambda right: dict(list(right.items())[1:]))),
    Malformation("a dict of texts", _in_dict(lambda right: dict.fromkeys(right, "text"))),
    Malformation("a dict of arrays", _in_dict(lambda right: dict.fromkeys(right, np.zeros((2, 0))))),
    Malformation("an empty array", lambda right: np.zeros(0)),
    Malformation("an array of six axes", lambda right: np.zeros((1, 1, 1, 1, 1, 2))),
    Malformation("one number", lambda right: 3.25),
    Malformation("None", lambda right: None),
    Malformation("a text", lambda right: "text"),
    Malformation("a number as text", lambda right: "1"),
    Malformation("a list in a list", lambda right: [[], [1.0]]),
    Malformation("a list of None", lambda right: [None, None]),
    Malformation("a list of models", lambda right: [HANDLE, HANDLE]),
    Malformation("an empty list", lambda right: []),
    Malformation("a dict", lambda right: {"y": 1}),
    Malformation("a dict of lists", lambda right: {"loss": ["a"], "accuracy": None}),
    Malformation("a bool", lambda right: False),
    Malformation("one complex number", lambda right: 1j),
    Malformation("the largest integer that is sent", lambda right: 2**63 - 1),
    Malformation("a list of the largest integer", lambda right: [2**63 - 1]),
    Malformation("a handle", lambda right: HANDLE),
)
AMONG_SEVERAL = (
    Malformation("results in a different order", lambda right: (*right[1:], right[0])),
    Malformation("one result fewer", lambda right: right[:-1]),
    Malformation("one result more", lambda right: (*right, right[-1])),
    Malformation("only its first result", lambda right: right[0], fails=False),
    Malformation("a dict of its results", lambda right: dict(enumerate(map(str, right)))),
)


NEARBY = (
    (Malformation("the answer for integers one smaller", lambda right: right, fails=False), -1),
    (Malformation("the answer for integers one larger", lambda right: right, fails=False), 1),
)
"""Answers to a different question, such as a model with too few classes or an image of a different size."""


class NearbyCaller(Caller):
    """Adds `step` to each integer argument before it asks the reference."""

    def __init__(self, reference: Caller, step: int) -> None:
        self._reference = reference
        self._step = step

    def ask(self, request: Request) -> Answer:
        """Return the answer to the changed question."""
        if request.is_operation:
            return self._reference.ask(request)
        nearby = tuple(value + self._step if type(value) is int else value for value in request.arguments)
        return self._reference.ask(replace(request, arguments=nearby))


@dataclass(frozen=True)
class _Attempt:
    """One malformation for some checks: `caller` answers, and `alter` spoils the answer."""

    form: Malformation
    caller: Caller
    alter: Alter
    checks: Sequence[str]


def broken_by_form(trials: Trials, seed: int) -> Iterator[Fault]:
    """Report each check that crashes on a malformed answer, and each that passes one without a reason in its marker."""
    reported: set[str] = set()
    passing: set[str] = set()
    for attempt in _attempts(trials, seed):
        form = attempt.form
        for outcome, altered in outcomes_of(trials, seed, attempt.caller, attempt.alter, attempt.checks):
            check, message = outcome.name, ""
            if outcome.verdict is Verdict.GRADER_FAULT:
                message = f"crashes on a malformed answer ({form.name}): {first(outcome)}"
            elif outcome.verdict is Verdict.PASSED and altered.wrong and form.fails:
                passing.add(check)
                if not trials.excused(check, "malformed"):
                    message = (
                        f"passes a malformed answer ({form.name}); it must fail, "
                        'or say malformed="why it passes" in its marker'
                    )
            if message and check not in reported:
                reported.add(check)
                yield trials.fault_of_check(check, f'the check "{check}" {message}')
    yield from trials.idle_reasons("malformed", passing, "why it passes malformed answers, but it passes none")


def _attempts(trials: Trials, seed: int) -> Iterator[_Attempt]:
    """Yield each malformation for all results at once; then for each single result, if a function has several."""
    reference = LearningCaller(trials.direct({}))
    every, several = trials.session.checks, trials.checks_of_several_results
    for form, step in NEARBY:
        yield _Attempt(form, NearbyCaller(reference, step), partial(_each, form.of), every)
    spoiled: list[tuple[Malformation, Alter, Sequence[str]]] = [
        (form, partial(_each, form.of), every) for form in FORMS
    ]
    spoiled += [(form, partial(_among, form.of), several) for form in AMONG_SEVERAL]
    for number in range(trials.most_results if several else 0):
        spoiled += [(replace(form, fails=False), partial(_one, form.of, number), several) for form in FORMS]
    known = answered(trials, seed, reference)
    for form, alter, checks in spoiled:
        yield _Attempt(form, reference, alter, touched(alter, known, checks))


def _is_several(right: Any) -> bool:
    return isinstance(right, tuple) and len(right) > 1


def _each(spoil: Whole, right: Any, arguments: tuple[Any, ...]) -> Any:
    return tuple(map(spoil, right)) if _is_several(right) else spoil(right)


def _among(spoil: Whole, right: Any, arguments: tuple[Any, ...]) -> Any:
    return spoil(right) if _is_several(right) else right


def _one(spoil: Whole, place: int, right: Any, arguments: tuple[Any, ...]) -> Any:
    if not _is_several(right) or place >= len(right):
        return right
    return (*right[:place], spoil(right[place]), *right[place + 1 :])
