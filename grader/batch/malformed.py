"""Answers of another form than the rubric promises: no check breaks by them, and none passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from grader.batch.altered import Alter, outcomes_of
from grader.batch.memory import asked_once
from grader.batch.trials import Trials, first
from grader.checks import Verdict
from grader.course import Fault
from grader.sandbox import Foreign

Whole = Callable[[Any], Any]
HANDLE = Foreign("a Model", 0, 0)


@dataclass(frozen=True)
class Form:
    """A way to spoil an answer. With `fails` false, a check may pass it: some forms are accepted with a remark."""

    name: str
    of: Whole
    fails: bool = True


def _cut(right: Any, axis: int) -> Any:
    values = np.asarray(right)
    return values.take(range(max(values.shape[axis] - 1, 0)), axis) if values.ndim else np.zeros(0)


def _longer(right: Any, axis: int) -> Any:
    values = np.asarray(right)
    if not values.ndim:
        return np.stack([values, values])
    axis %= values.ndim
    added = np.zeros_like(values, shape=(*values.shape[:axis], 1, *values.shape[axis:][1:]))
    return np.concatenate([values, added], axis)


def _inner(right: Any) -> Any:
    values = np.asarray(right)
    return values[0] if values.ndim and len(values) else np.zeros((1, 0))


FORMS = (
    Form("one too short", lambda right: _cut(right, -1)),
    Form("one too short in the first axis", lambda right: _cut(right, 0)),
    Form("one too long", lambda right: _longer(right, -1)),
    Form("one too long in the first axis", lambda right: _longer(right, 0)),
    Form("in one axis more", lambda right: np.asarray(right)[None], fails=False),
    Form("in one axis more at the end", lambda right: np.asarray(right)[..., None], fails=False),
    Form("in one axis fewer", _inner),
    Form("flat", lambda right: np.asarray(right).ravel(), fails=False),
    Form("an empty array", lambda right: np.zeros(0)),
    Form("an array of five axes", lambda right: np.zeros((1, 1, 1, 1, 1, 2))),
    Form("one number", lambda right: 3.25),
    Form("None", lambda right: None),
    Form("a text", lambda right: "text"),
    Form("a text of a number", lambda right: "1"),
    Form("a list", lambda right: np.asarray(right).tolist(), fails=False),
    Form("a list in a list", lambda right: [[], [1.0]]),
    Form("a list of None", lambda right: [None, None]),
    Form("a list of models", lambda right: [HANDLE, HANDLE]),
    Form("an empty list", lambda right: []),
    Form("a dict", lambda right: {"y": 1}),
    Form("a dict of lists", lambda right: {"loss": ["a"], "accuracy": None}),
    Form("a bool", lambda right: False),
    Form("complex numbers", lambda right: np.asarray(right) + 1j),
    Form("one complex number", lambda right: 1j),
    Form("an integer of 400 digits", lambda right: 10**400),
    Form("a list of such integers", lambda right: [10**400]),
    Form("a handle", lambda right: HANDLE),
    Form("NaN", lambda right: np.full(np.shape(right), np.nan)),
    Form("infinite numbers", lambda right: np.full(np.shape(right), -np.inf)),
)
AMONG_SEVERAL = (
    Form("its results swapped", lambda right: (*right[1:], right[0])),
    Form("one result fewer", lambda right: right[:-1]),
    Form("one result more", lambda right: (*right, right[-1])),
    Form("its first result alone", lambda right: right[0], fails=False),
    Form("a dict of its results", lambda right: dict(enumerate(map(str, right)))),
)


def broken_by_form(trials: Trials, seed: int) -> Iterator[Fault]:
    """Report each check that breaks by an answer of another form, and each that passes one and does not say why."""
    told: set[str] = set()
    passing: set[str] = set()
    reference = asked_once(trials)
    for form, spoil, only in _attempts(trials):
        for outcome, seen in outcomes_of(trials, seed, reference, spoil, only):
            check, message = outcome.name, ""
            if outcome.verdict is Verdict.GRADER_FAULT:
                message = f"breaks by itself on an answer of another form, {form.name}: {first(outcome)}"
            elif outcome.verdict is Verdict.PASSED and seen.wrong and form.fails:
                passing.add(check)
                if not trials.excused(check, "malformed"):
                    message = (
                        f"passes an answer of another form, {form.name}; expected that it fails, "
                        'or malformed="why it passes" in its marker'
                    )
            if message and check not in told:
                told.add(check)
                yield trials.fault_of_check(check, f'the check "{check}" {message}')
    yield from trials.idle_reasons("malformed", passing, "why it passes answers of another form, but it passes none")


def _attempts(trials: Trials) -> Iterator[tuple[Form, Alter, Sequence[str]]]:
    """Yield each form for all results at once; then, for the checks of several results, for each of them alone."""
    several = trials.checks_of_several_results
    for form in FORMS:
        yield form, partial(_each, form.of), trials.session.checks
    for form in AMONG_SEVERAL:
        yield form, partial(_among, form.of), several
    for number in range(trials.most_results if several else 0):
        for form in FORMS:
            yield replace(form, fails=False), partial(_one, form.of, number), several


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
