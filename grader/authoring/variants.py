"""The misconceptions of an exercise under examination: each costs what it should, and is diagnosed as itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from grader.authoring.trials import Functions, Trials, has_fault
from grader.checks import CheckOutcome, Verdict
from grader.checks.tolerance import loosened
from grader.course import Exercise, Fault, Misconception, did_you_mean
from grader.diagnosis import Diagnosis, Diagnostician, Recorder, by_signs
from grader.report.pages import CheckColumn, KillMatrix, VariantRow
from grader.scoring import CriterionScore, score

MARGIN = 10


class Variants:
    """The wrong programs of one exercise; with `tried` false they are only counted and their names looked at."""

    def __init__(self, exercise: Exercise, trials: Trials, seed: int, tried: bool) -> None:
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._trials = trials
        self._seed = seed
        self._tried = tried
        self.seen = 0
        self.matrix: KillMatrix | None = None

    def faults(self) -> Iterator[Fault]:
        """Report each mistake that costs no points or those of another function, and each convention that costs any."""
        path = self._exercise.misconceptions_path
        misconceptions = self._exercise.misconceptions()
        self.seen = len(misconceptions)
        lines = path.read_text(encoding="utf-8").splitlines() if misconceptions else []
        seen: set[str] = set()
        rows: list[VariantRow] = []
        diagnostician = Diagnostician(self._exercise)
        for misconception in misconceptions:
            line = next((n for n, text in enumerate(lines, 1) if f'"{misconception.id}"' in text), 1)
            if misconception.id in seen:
                yield Fault(path, line, f'two misconceptions have the id "{misconception.id}"')
            seen.add(misconception.id)
            if misconception.function not in self._rubric.functions:
                hint = did_you_mean(misconception.function, list(self._rubric.functions))
                message = f'the misconception "{misconception.id}" is about "{misconception.function}", '
                yield Fault(path, line, f"{message}which the rubric does not list.{hint}")
                continue
            if not self._tried:
                continue
            replaced = {misconception.function: misconception.variant}
            direct = self._trials.direct(replaced)
            recorder = Recorder(direct)
            caller = direct if self._trials.trains else recorder
            outcomes = self._trials.checked(caller, self._seed, misconception.function)
            diagnoses = self._diagnosed(misconceptions, outcomes, recorder, diagnostician)
            row = _row_of(misconception, outcomes, diagnoses)
            rows.append(row)
            if row.failed and not self._trials.trains and not self._fails_by_far(replaced):
                yield Fault(path, line, f'the misconception "{row.id}" passes if tolerances are {MARGIN} times wider')
            for outcome in outcomes:
                if outcome.verdict is Verdict.FAILED and not outcome.complete:
                    message = (
                        f'the check "{outcome.name}" fails for "{row.id}" and says neither what it expected '
                        "nor for which input"
                    )
                    yield self._trials.fault_of_check(outcome.name, message)
            if row.diagnosed and row.diagnosed != (row.id,):
                yield Fault(path, line, f'the misconception "{row.id}" is taken for {row.taken_for}')
            elif row.diagnosed == () and row.failed and not any(one.separating for one in diagnoses):
                yield Fault(path, line, f'the misconception "{row.id}" is not diagnosed, expected that it is named')
            yield from self._trials.broken_checks(outcomes, f'the misconception "{misconception.id}"')
            for message in _unfair(misconception, score(self._rubric, outcomes).criteria, self._rubric.needs):
                yield Fault(path, line, message)
        if rows:
            self.matrix = self._matrix_of(rows)

    def _fails_by_far(self, replaced: Functions) -> bool:
        """Return whether a check fails for a variant even if tolerances are MARGIN times wider."""
        with loosened(MARGIN):
            return any(outcome.verdict is Verdict.FAILED for outcome in self._trials.run(replaced, self._seed))

    def _diagnosed(
        self,
        misconceptions: Sequence[Misconception],
        outcomes: Sequence[CheckOutcome],
        recorder: Recorder,
        diagnostician: Diagnostician,
    ) -> list[Diagnosis]:
        """What is named, as for a learner's submission."""
        if self._trials.trains:
            return by_signs(misconceptions, outcomes)
        failed = {outcome.name for outcome in outcomes if outcome.verdict is Verdict.FAILED}
        functions = dict.fromkeys(one.function for one in self._rubric.criteria if failed & set(one.checks))
        found = (diagnostician.diagnose(function, recorder.calls.get(function, ())) for function in functions)
        return [one for one in found if one is not None]

    def _matrix_of(self, rows: Sequence[VariantRow]) -> KillMatrix:
        session = self._trials.session
        criteria = {check: criterion.id for criterion in self._rubric.criteria for check in criterion.checks}
        checks = [
            CheckColumn(check, session.title_of(check), criteria.get(check, ""), session.reason(check, "alone"))
            for check in session.checks
        ]
        return KillMatrix(self._exercise.key, self._rubric.title, tuple(checks), tuple(rows))

    def idle_checks(self, matrix: KillMatrix) -> Iterator[Fault]:
        """A check that no known mistake fails says why it is there, and one that some mistake fails does not."""
        for check in (one for one in matrix.checks if one.name not in self._trials.left_out):
            if check in matrix.idle and not check.alone and self._trials.session.criterion_marked(check.name):
                message = (
                    f'the check "{check.name}" fails for no misconception; '
                    'expected one, or alone="why it is there" in its marker'
                )
                yield self._trials.fault_of_check(check.name, message)
            elif check.alone and check not in matrix.idle:
                message = f'the check "{check.name}" says why no misconception fails it, but one does'
                yield self._trials.fault_of_check(check.name, message)


def _unfair(
    misconception: Misconception, criteria: Sequence[CriterionScore], needs: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    lost = [one.criterion for one in criteria if one.earned < one.possible and not has_fault(one)]
    name = f'the misconception "{misconception.id}"'
    if misconception.severity == "convention":
        for criterion in lost:
            yield f'{name} is a convention, and loses points in criterion "{criterion.id}"; expected it to cost nothing'
        return
    if not lost:
        yield f"{name} loses no points: no check tells it from the reference"
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
