"""Run the checks of one submission again, and keep what each call got and gave: the evidence for a grade.

The learner's program runs in the sandbox, as when it was graded. The right answers come from the reference in a sandbox
of its own, for the same arguments and from the same state of each generator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks import CheckOutcome
from grader.checks.proxy import signatures_in
from grader.course import Exercise
from grader.diagnosis import Recorded
from grader.diagnosis.answers import near, said, same
from grader.diagnosis.recorder import GeneratorState
from grader.grading.part import PartResult, parts_of
from grader.grading.sibling import Sibling
from grader.sandbox import Answer, Foreign, Isolation, Raised, Request, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.submission import Problem, Submission, screen_submission


@dataclass(frozen=True)
class Difference:
    """A result less the right one, the largest difference, and the count of wrong numbers."""

    values: np.ndarray[Any, Any]
    largest: float
    wrong: int


@dataclass(frozen=True)
class CallEvidence:
    """One call of a check. `expected` is None if the reference cannot be asked, as for a learner's model.

    `differs` is None if the two answers cannot be compared. `is_random` says that the call got a generator, so that
    other right answers exist. `after` says that the answers include the arguments after the call.
    """

    function: str
    arguments: Mapping[str, Any]
    got: Answer
    expected: Answer | None
    differs: bool | None
    is_random: bool
    after: bool
    differences: tuple[Difference | None, ...] = ()


@dataclass(frozen=True)
class CheckEvidence:
    """A check as it ended now, with its calls: those that differ from the reference first."""

    outcome: CheckOutcome
    source_line: str
    calls: tuple[CallEvidence, ...]


@dataclass(frozen=True)
class Evidence:
    """The checks as they ended now. If the file did not load, `problem` says why."""

    checks: tuple[CheckEvidence, ...] = ()
    problem: str = ""


def gather_evidence(
    exercise: Exercise, submission: Submission, seed: int, isolation: Isolation, wanted: Sequence[str]
) -> Evidence:
    """Run all checks with this seed, and return the evidence of the wanted ones, in the order of the course.

    All of them run, because a check may depend on what the ones before it left in the learner's process.
    """
    rubric = exercise.rubric
    flavour = FLAVOURS[rubric.flavour]
    ready = screen_submission(submission, rubric.module, flavour.packages, rubric.forbidden_imports)
    if isinstance(ready, Problem):
        return Evidence(problem=ready.message)
    text = exercise.reference_path.read_text(encoding="utf-8")
    reference = Sibling(exercise, text, 0 if flavour.uses_keras else None)
    parts = parts_of(exercise)
    with Zygote(rubric.flavour, isolation, [exercise.root]) as zygote:
        reference.use(zygote)
        try:
            results: list[PartResult] = []
            for part in parts:
                results.append(part.run(zygote, ready, flavour.limits, seed, lambda title, epoch: None))
                failure = results[-1].failure
                if failure is not None:
                    return Evidence(problem=_said(failure))
            lines = {file.name: file.text.split("\n") for file in ready.files}[f"{rubric.module}.py"]
            names = signatures_in(exercise.reference_path, rubric.functions)
            found = {
                outcome.name: CheckEvidence(
                    outcome,
                    lines[outcome.line - 1] if 0 < outcome.line <= len(lines) else "",
                    tuple(_calls(result, outcome.name, reference, names)),
                )
                for result in results
                for outcome in result.outcomes
                if outcome.name in wanted
            }
        finally:
            reference.close()
            for part in parts:
                part.close()
    return Evidence(tuple(found[name] for name in parts[0].titles if name in found))


def _calls(result: PartResult, check: str, reference: Sibling, names: Mapping[str, Any]) -> list[CallEvidence]:
    calls = [
        _evidence(function, call, reference, names.get(function))
        for function, recorded in result.calls.items()
        for call in recorded
        if call.check == check
    ]
    return sorted(calls, key=lambda call: not call.differs)


def _evidence(function: str, call: Recorded, reference: Sibling, signature: Any) -> CallEvidence:
    expected = _expected(function, call, reference)
    ours, theirs = said(expected), said(call.answer)
    comparable = expected is not None and ours is not None
    return CallEvidence(
        function,
        _by_name(call, signature),
        call.answer,
        expected,
        not same(ours, theirs) if comparable else None,
        call.is_random,
        call.after,
        tuple(_differences(ours, theirs)),
    )


def _expected(function: str, call: Recorded, reference: Sibling) -> Answer | None:
    """Return the answer of the reference to the same call; None if an argument exists only in the learner's process."""
    values = (*call.arguments, *call.named.values())
    if any(isinstance(value, Foreign) for value in values):
        return None
    named = {name: _fresh(value) for name, value in call.named.items()}
    return reference.ask(Request(function, tuple(map(_fresh, call.arguments)), named, call.after))


def _fresh(value: Any) -> Any:
    return value.fresh() if isinstance(value, GeneratorState) else value


def _by_name(call: Recorded, signature: Any) -> dict[str, Any]:
    """Return the arguments by the names that the reference gives them."""
    if signature is not None:
        try:
            return dict(signature.bind(*call.arguments, **call.named).arguments)
        except TypeError:
            pass
    return {**{f"argument {number}": value for number, value in enumerate(call.arguments, 1)}, **call.named}


def _differences(ours: Any, theirs: Any) -> list[Difference | None]:
    """Return the difference for each result; None for results of other shapes or kinds."""
    if not isinstance(ours, tuple) or not isinstance(theirs, tuple) or len(ours) != len(theirs):
        return []
    return [_difference(*pair) for pair in zip(ours, theirs, strict=True)]


def _difference(ours: np.ndarray[Any, Any], theirs: np.ndarray[Any, Any]) -> Difference | None:
    if ours.shape != theirs.shape or not {ours.dtype.kind, theirs.dtype.kind} <= set("biufc"):
        return None
    with np.errstate(all="ignore"):
        values = theirs - ours.astype(np.result_type(ours, np.float64))
        apart = np.abs(values)
        largest = float(np.max(apart, initial=0.0, where=~np.isnan(apart)))
        return Difference(values, largest, int((~near(ours, theirs)).sum()))


def _said(failure: Any) -> str:
    if isinstance(failure, Raised):
        return f"{failure.kind}: {failure.message}"
    return str(failure.detail)
