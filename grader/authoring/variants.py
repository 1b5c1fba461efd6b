"""Examine the misconceptions of an exercise: each costs the points that it should, and is diagnosed as itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from grader.authoring.trials import Trials, has_fault
from grader.checks import CheckOutcome, Verdict
from grader.checks.tolerance import loosened
from grader.course import Exercise, Fault, Misconception, did_you_mean
from grader.diagnosis import Diagnosis, Diagnostician, Recorder, by_signs
from grader.report.pages import CheckColumn, KillMatrix, VariantRow
from grader.sandbox import Answer, Caller
from grader.sandbox.request import Request
from grader.scoring import CriterionScore, score

MARGIN = 10


@dataclass(frozen=True)
class VariantReport:
    """One misconception that was tried: its row of the kill matrix, and what is wrong with it."""

    row: VariantRow
    faults: tuple[Fault, ...]


class Variants:
    """The misconceptions of one exercise."""

    def __init__(self, exercise: Exercise, trials: Trials, seed: int) -> None:
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._trials = trials
        self._seed = seed
        self._misconceptions = exercise.misconceptions()
        self._diagnostician = Diagnostician(exercise)
        path = exercise.misconceptions_path
        self._lines = path.read_text(encoding="utf-8").splitlines() if self._misconceptions else []

    def examine_names(self) -> Iterator[Fault]:
        """Report each id that is used twice, and each function that the rubric does not list."""
        seen: set[str] = set()
        for one in self._misconceptions:
            if one.id in seen:
                yield self._fault(one, f'two misconceptions have the id "{one.id}"')
            seen.add(one.id)
            if one.function not in self._rubric.functions:
                hint = did_you_mean(one.function, list(self._rubric.functions))
                message = (
                    f'the misconception "{one.id}" is about "{one.function}", which the rubric does not list.{hint}'
                )
                yield self._fault(one, message)

    def examine_all(self) -> tuple[VariantReport, ...]:
        """Examine each misconception whose function the rubric lists."""
        return tuple(self.examine(one) for one in self._misconceptions if one.function in self._rubric.functions)

    def examine(self, misconception: Misconception) -> VariantReport:
        """Try the checks on one misconception, and diagnose it like a learner's submission."""
        program = self._exercise.program(misconception.function, misconception.variant)
        direct = self._trials.direct({misconception.function: program})
        recorder = Recorder(direct)
        caller = direct if self._trials.uses_keras else recorder
        outcomes = self._trials.checked(caller, self._seed, misconception.function)
        diagnoses = self._diagnosed(outcomes, recorder, direct)
        row = _row_of(misconception, outcomes, diagnoses)
        messages = (
            *self._too_close(misconception, row),
            *_misdiagnosed(row, diagnoses),
            *_unfair(misconception, score(self._rubric, outcomes).criteria, self._rubric.needs),
        )
        faults = (
            *(self._fault(misconception, message) for message in messages),
            *self._incomplete(outcomes, row),
            *self._trials.broken_checks(outcomes, f'the misconception "{misconception.id}"'),
        )
        return VariantReport(row, faults)

    def matrix_of(self, reports: Sequence[VariantReport]) -> KillMatrix:
        """Return the kill matrix: which check fails for which misconception."""
        session = self._trials.session
        criteria = {check: criterion.id for criterion in self._rubric.criteria for check in criterion.checks}
        checks = [
            CheckColumn(check, session.title_of(check), criteria.get(check, ""), session.reason(check, "alone"))
            for check in session.checks
        ]
        rows = tuple(report.row for report in reports)
        return KillMatrix(self._exercise.key, self._rubric.title, tuple(checks), rows)

    def idle_checks(self, matrix: KillMatrix) -> Iterator[Fault]:
        """Report each check that fails for no misconception without a reason, and each with a reason that is wrong."""
        for check in (one for one in matrix.checks if one.name not in self._trials.left_out):
            if check in matrix.idle and not check.alone and self._trials.session.criterion_marked(check.name):
                message = (
                    f'the check "{check.name}" fails for no misconception; '
                    'expected one, or alone="why it exists" in its marker'
                )
                yield self._trials.fault_of_check(check.name, message)
            elif check.alone and check not in matrix.idle:
                message = f'the check "{check.name}" says why no misconception fails it, but one does'
                yield self._trials.fault_of_check(check.name, message)

    def _fault(self, misconception: Misconception, message: str) -> Fault:
        line = next((n for n, text in enumerate(self._lines, 1) if f'"{misconception.id}"' in text), 1)
        return Fault(self._exercise.misconceptions_path, line, message)

    def _diagnosed(self, outcomes: Sequence[CheckOutcome], recorder: Recorder, direct: Caller) -> list[Diagnosis]:
        """Diagnose each function with a failed check."""
        if self._trials.uses_keras:
            return by_signs(self._misconceptions, outcomes)
        failed = {outcome.name for outcome in outcomes if outcome.verdict is Verdict.FAILED}
        functions = dict.fromkeys(one.function for one in self._rubric.criteria if failed & set(one.checks))
        found = (
            self._diagnostician.diagnose(
                function, recorder.calls.get(function, ()), ask_all=partial(_ask_all, direct, function)
            )
            for function in functions
        )
        return [one for one in found if one is not None]

    def _too_close(self, misconception: Misconception, row: VariantRow) -> Iterator[str]:
        """Say so if no check fails any more when tolerances are MARGIN times wider."""
        if not row.failed or self._trials.uses_keras:
            return
        with loosened(MARGIN):
            program = self._exercise.program(misconception.function, misconception.variant)
            outcomes = self._trials.run({misconception.function: program}, self._seed)
        if not any(outcome.verdict is Verdict.FAILED for outcome in outcomes):
            yield f'the misconception "{row.id}" passes if tolerances are {MARGIN} times wider'

    def _incomplete(self, outcomes: Sequence[CheckOutcome], row: VariantRow) -> Iterator[Fault]:
        """Report each failed check whose message leaves out what a learner needs."""
        for outcome in outcomes:
            if outcome.verdict is Verdict.FAILED and not outcome.complete:
                message = (
                    f'the check "{outcome.name}" fails for "{row.id}", and its message names neither the expected '
                    "value nor the input"
                )
                yield self._trials.fault_of_check(outcome.name, message)


def _ask_all(caller: Caller, function: str, several: Sequence[tuple[Any, ...]]) -> list[Answer]:
    """Return the answers of one of our programs to several calls, each with the arguments after it."""
    return caller.ask_all([Request(function, arguments, return_arguments=True) for arguments in several])


def _misdiagnosed(row: VariantRow, diagnoses: Sequence[Diagnosis]) -> Iterator[str]:
    """Say so if a mistake is diagnosed as another one, or not at all without a reason."""
    if row.diagnosed and row.diagnosed != (row.id,):
        yield f'the misconception "{row.id}" is diagnosed as {row.taken_for}'
    elif row.diagnosed == () and row.failed and not any(one.separating for one in diagnoses):
        yield f'the misconception "{row.id}" is not diagnosed; it must be diagnosed as itself'


def _unfair(
    misconception: Misconception, criteria: Sequence[CriterionScore], needs: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Say so if a mistake costs no points or those of another function, or if a convention costs any."""
    lost = [one.criterion for one in criteria if one.earned < one.possible and not has_fault(one)]
    name = f'the misconception "{misconception.id}"'
    if misconception.severity == "convention":
        for criterion in lost:
            yield f'{name} is a convention, and loses points in criterion "{criterion.id}"; expected it to cost nothing'
        return
    if not lost:
        yield f"{name} loses no points: no check fails for it"
    for criterion in lost:
        if misconception.function not in (criterion.function, *needs.get(criterion.function, ())):
            yield (
                f'{name} is about "{misconception.function}", and loses points in criterion "{criterion.id}", '
                f'which is about "{criterion.function}"'
            )


def _row_of(
    misconception: Misconception, outcomes: Sequence[CheckOutcome], diagnoses: Sequence[Diagnosis]
) -> VariantRow:
    failed = tuple(one.name for one in outcomes if one.verdict is Verdict.FAILED)
    named: tuple[str, ...] | None = None
    if misconception.severity == "mistake":
        named = tuple(one.id for diagnosis in diagnoses for one in diagnosis.misconceptions)
    return VariantRow(
        misconception.id, misconception.function, misconception.belief, misconception.severity, failed, named
    )
