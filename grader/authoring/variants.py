"""Examine the misconceptions of an exercise: each costs the points that it should, and is diagnosed as itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from grader.authoring.patches import place_of
from grader.authoring.trials import Trials, has_fault
from grader.checks import CheckOutcome, Verdict
from grader.checks.tolerance import loosened
from grader.course import Exercise, Fault, Form, Misconception, did_you_mean
from grader.diagnosis import Diagnosis, Diagnostician, Recorder, by_signs
from grader.diagnosis.answers import Failed
from grader.report.pages import CheckColumn, KillMatrix, VariantRow
from grader.sandbox import Answer, Caller, Request
from grader.scoring import CriterionScore, score

MARGIN = 10
COSTLY_SHARE = 0.1
"""Of the mistakes that leave something right, the share that may lose points in more than two criteria."""


@dataclass(frozen=True)
class VariantReport:
    """One misconception that was tried in one function: its row of the kill matrix, and what is wrong with it."""

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
        self._names_criteria = any(one.criteria for one in self._misconceptions)

    def examine_names(self) -> Iterator[Fault]:
        """Report each id that is used twice, each function that the rubric does not list, and each wrong criterion."""
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
            else:
                yield from (self._fault(one, message) for message in self._misnamed(one))

    def _misnamed(self, misconception: Misconception) -> Iterator[str]:
        """Say what is wrong with the criteria that a misconception is charged to.

        If no misconception of the exercise names any, nothing is wrong.
        """
        name, needs = f'the misconception "{misconception.id}"', self._rubric.needs
        about = (misconception.function, *misconception.elsewhere)
        known = {one.id: one.function for one in self._rubric.criteria}
        for function in about:
            criterion = misconception.criteria.get(function)
            if criterion is None:
                if misconception.severity == "mistake" and self._names_criteria:
                    yield f'{name} names no criterion for "{function}"; expected the id of one in `criteria`'
            elif criterion not in known:
                hint = did_you_mean(criterion, [one for one in known if known[one] == function])
                yield f'{name} names the criterion "{criterion}", which the rubric does not list.{hint}'
            elif function not in (known[criterion], *needs.get(known[criterion], ())):
                yield (
                    f'{name} names the criterion "{criterion}" for "{function}"; that criterion is about '
                    f'"{known[criterion]}"'
                )
        for function in misconception.criteria:
            if function not in about:
                yield f'{name} names a criterion for "{function}"; it is about {" and ".join(about)}'

    def examine_all(self) -> tuple[VariantReport, ...]:
        """Examine each misconception in each of its functions that the rubric lists."""
        return tuple(
            self.examine(one, function)
            for one in self._misconceptions
            for function in (one.function, *one.elsewhere)
            if function in self._rubric.functions
        )

    def examine(self, misconception: Misconception, function: str) -> VariantReport:
        """Try the first form of one misconception in one function.

        It is enough if any form is diagnosed as the misconception: a form that only raises an exception often is not,
        because another misconception raises the same one.
        """
        first, *others = misconception.programs(function)
        program = self._exercise.program(function, first)
        outcomes, row = self._tried(misconception, function, program)
        if row.diagnosed == () and any(self._is_named(misconception, function, form) for form in others):
            row = replace(row, diagnosed=(misconception.id,))
        messages = (
            *_misdiagnosed(row, self._exercise),
            *self._too_close(program, row),
            *_unfair(row, score(self._rubric, outcomes, ()).criteria, self._rubric.needs),
            *_charged_in_vain(row),
        )
        faults = (
            *(self._fault(misconception, message) for message in messages),
            *self._incomplete(outcomes, row),
            *self._trials.broken_checks(outcomes, _name_of(row)),
        )
        return VariantReport(row, faults)

    def _is_named(self, misconception: Misconception, function: str, form: Form) -> bool:
        _, row = self._tried(misconception, function, self._exercise.program(function, form))
        return row.is_named

    def _tried(
        self, misconception: Misconception, function: str, program: Callable[..., Any]
    ) -> tuple[tuple[CheckOutcome, ...], VariantRow]:
        """Try the checks on one wrong program, and diagnose it like a learner's submission."""
        direct = self._trials.direct({function: program})
        recorder = Recorder(direct)
        caller = direct if self._trials.uses_keras else recorder
        outcomes = self._trials.checked(caller, self._seed, function, recorder.begin)
        diagnoses = self._diagnosed(outcomes, recorder, direct)
        return outcomes, self._row_of(misconception, function, outcomes, diagnoses)

    def _row_of(
        self,
        misconception: Misconception,
        function: str,
        outcomes: Sequence[CheckOutcome],
        diagnoses: Sequence[Diagnosis],
    ) -> VariantRow:
        failed = tuple(one.name for one in outcomes if one.verdict is Verdict.FAILED)
        named: tuple[str, ...] | None = None
        if misconception.severity == "mistake":
            named = tuple(one.id for diagnosis in diagnoses for one in diagnosis.misconceptions)
        own = {check for one in self._rubric.criteria if one.function == function for check in one.checks}
        wrong = [item.theirs for one in diagnoses for item in one.items if item.is_wrong]
        return VariantRow(
            misconception.id,
            function,
            misconception.belief,
            misconception.severity,
            failed,
            named,
            misconception.criteria.get(function, ""),
            fails_in=_lost_in(score(self._rubric, outcomes, ()).criteria),
            loses_in=_lost_in(score(self._rubric, outcomes, diagnoses).criteria),
            leaves_right=any(one.name in own and one.verdict is Verdict.PASSED for one in outcomes),
            only_raises=bool(wrong) and all(isinstance(one, Failed) for one in wrong),
        )

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

    def too_costly(self, matrix: KillMatrix) -> Iterator[Fault]:
        """Report it if too many mistakes lose points in more than two criteria, once they name their own.

        A mistake that leaves nothing right in its function does not count: to give back points for a function without
        one right answer would be to pay for answers that only look like work.
        """
        costly, working = matrix.costly, [one for one in matrix.mistakes if one.leaves_right]
        if self._names_criteria and len(costly) > COSTLY_SHARE * len(working):
            names = ", ".join(one.id for one in costly)
            message = (
                f"{len(costly)} of {len(working)} mistakes that leave something right lose points in more than two "
                f"criteria, expected at most {COSTLY_SHARE:.0%}: {names}"
            )
            yield Fault(self._exercise.misconceptions_path, 1, message)

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
        return Fault(*place_of(self._exercise, misconception.id), message)

    def _diagnosed(self, outcomes: Sequence[CheckOutcome], recorder: Recorder, caller: Caller) -> list[Diagnosis]:
        """Diagnose each function with a failed check."""
        if self._trials.uses_keras:
            return by_signs(self._misconceptions, outcomes)
        failed = {outcome.name for outcome in outcomes if outcome.verdict is Verdict.FAILED}
        functions = dict.fromkeys(one.function for one in self._rubric.criteria if failed & set(one.checks))
        found = (
            self._diagnostician.diagnose(
                function, recorder.calls.get(function, ()), partial(_ask_all, caller, function)
            )
            for function in functions
        )
        return [one for one in found if one is not None]

    def _too_close(self, program: Callable[..., Any], row: VariantRow) -> Iterator[str]:
        """Say so if no check fails any more when tolerances are MARGIN times wider."""
        if not row.failed or self._trials.uses_keras:
            return
        with loosened(MARGIN):
            outcomes = self._trials.run({row.function: program}, self._seed)
        if not any(outcome.verdict is Verdict.FAILED for outcome in outcomes):
            yield f"{_name_of(row)} passes if tolerances are {MARGIN} times wider"

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
    return caller.ask_all([Request(function, arguments, return_arguments=True) for arguments in several])


def _misdiagnosed(row: VariantRow, exercise: Exercise) -> Iterator[str]:
    """Say so if a mistake is diagnosed as another one, or not at all although it gives wrong answers."""
    if row.diagnosed and row.diagnosed != (row.id,):
        yield f"{_name_of(row)} is diagnosed as {row.taken_for}"
    elif row.diagnosed == () and row.failed and not row.only_raises:
        may_help = f'. A call family for "{row.function}" in {exercise.calls_path.name} may help'
        advice = "" if row.function in exercise.calls() else may_help
        yield f"{_name_of(row)} is not diagnosed; it must be diagnosed as itself{advice}"


def _name_of(row: VariantRow) -> str:
    return f'the misconception "{row.id}" in "{row.function}"'


def _unfair(row: VariantRow, criteria: Sequence[CriterionScore], needs: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say so if a mistake costs no points or those of another function, or if a convention costs any."""
    names = _lost_in(criteria)
    lost = [one.criterion for one in criteria if one.criterion.id in names]
    name = _name_of(row)
    if row.severity == "convention":
        for criterion in lost:
            yield f'{name} is a convention, and loses points in criterion "{criterion.id}"; expected it to cost nothing'
        return
    if not lost:
        yield f"{name} loses no points: no check fails for it"
    for criterion in lost:
        if row.function not in (criterion.function, *needs.get(criterion.function, ())):
            yield f'{name} loses points in criterion "{criterion.id}", which is about "{criterion.function}"'


def _charged_in_vain(row: VariantRow) -> Iterator[str]:
    """Say so if a mistake loses points, but none in the criterion that it is charged to."""
    if row.own and row.severity == "mistake" and row.fails_in and row.own not in row.fails_in:
        yield (
            f'{_name_of(row)} is charged to the criterion "{row.own}" and loses no points there; '
            f"it loses them in {', '.join(row.fails_in)}"
        )


def _lost_in(criteria: Sequence[CriterionScore]) -> tuple[str, ...]:
    """Return the ids of the criteria that lost points, unless one of their checks crashed."""
    return tuple(one.criterion.id for one in criteria if one.earned < one.possible and not has_fault(one))
