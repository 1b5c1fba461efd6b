"""Build a report from the result of grading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from grader.checks import CheckOutcome, Verdict
from grader.course import Misconception
from grader.report.cause import told_once
from grader.report.json import content_hash
from grader.report.judgement import Judgement, Printed
from grader.report.question import question_of
from grader.report.report import (
    CheckReport,
    CourseStamp,
    CriterionReport,
    DiagnosisReport,
    ExampleReport,
    GraderFault,
    LocationReport,
    Output,
    ProblemReport,
    Report,
    Run,
    ScoreReport,
    SubmissionStamp,
)
from grader.scoring import CriterionScore, Score
from grader.submission import Problem
from grader.text import affordable, quoted

if TYPE_CHECKING:
    from grader.diagnosis import Diagnosis

REMARKS_KEPT = 20
FAULTS_KEPT = 50
PRINTED_CHARACTERS = 128 * 1024  # after escaping; the sandbox limits what a submission prints to fewer plain characters
UNHASHED = "0" * 64


def build_report(judgement: Judgement) -> Report:
    """Return the report of one submission, with its hash. With a fault of the grader it states no score."""
    explained = {one.function: one for one in judgement.diagnoses if one.misconceptions}
    shown = tuple(_criterion_report(one, judgement.examples) for one in judgement.score.criteria)
    criteria = told_once(shown, explained)
    other_faults = (GraderFault(check=None, message=quoted(text)) for text in judgement.faults)
    faults = (*_faults_of_checks(criteria), *other_faults)
    if faults:
        criteria = tuple(one.model_copy(update={"earned": None}) for one in criteria)
    rubric, submission, circumstances = judgement.rubric, judgement.submission, judgement.circumstances
    report = Report(
        schema_version=2,
        exercise=rubric.exercise,
        title=rubric.title,
        submission=SubmissionStamp(
            learner=submission.learner,
            files=tuple(file.name for file in submission.files),
            sha256=submission.sha256,
        ),
        course=CourseStamp(hash=circumstances.course_hash, seed=circumstances.seed),
        isolation=circumstances.isolation,
        score=_score_report(judgement.score, bool(faults)),
        problems=tuple(_problem_report(problem) for problem in judgement.problems),
        remarks=tuple(map(quoted, submission.remarks[:REMARKS_KEPT])),
        criteria=criteria,
        diagnoses=tuple(_diagnosis_report(one) for diagnosis in explained.values() for one in _each(diagnosis)),
        located=tuple(
            LocationReport(function=one.function, text=one.located) for one in judgement.diagnoses if one.located
        ),
        grader_faults=faults[:FAULTS_KEPT],
        output=_output(judgement.output),
        sha256=UNHASHED,
        run=Run(
            timings=_rounded(circumstances.timings),
            host=dict(circumstances.host or {}),
            versions=dict(circumstances.versions or {}),
        ),
    )
    return report.model_copy(update={"sha256": content_hash(report)})


def _score_report(score: Score, has_fault: bool) -> ScoreReport:
    return ScoreReport(
        earned=None if has_fault else score.earned,
        possible=score.possible,
        earned_bonus=None if has_fault else score.earned_bonus,
        possible_bonus=score.possible_bonus,
    )


def _output(printed: Printed) -> Output:
    """Return what a program printed, cut to PRINTED_CHARACTERS of escaped text."""
    stdout, stderr = (affordable(text, PRINTED_CHARACTERS) for text in (printed.stdout, printed.stderr))
    truncated = printed.truncated or (stdout, stderr) != (printed.stdout, printed.stderr)
    return Output(stdout=stdout, stderr=stderr, truncated=truncated)


def with_timings(report: Report, timings: Mapping[str, float] | None) -> Report:
    """Return the same report with these timings, or without any. Its hash does not change."""
    return report.model_copy(update={"run": report.run.model_copy(update={"timings": _rounded(timings)})})


def _criterion_report(one: CriterionScore, examples: Mapping[str, ExampleReport]) -> CriterionReport:
    criterion = one.criterion
    return CriterionReport(
        id=criterion.id,
        title=criterion.title,
        earned=one.earned,
        possible=one.possible,
        bonus=criterion.bonus,
        hint=_hint(one),
        charged_with=one.charged_with,
        same_cause_as=one.same_cause_as or None,
        carried_forward=(),
        checks=tuple(
            _check_report(outcome, criterion.function, examples.get(outcome.name)) for outcome in one.outcomes
        ),
    )


def _hint(one: CriterionScore) -> str | None:
    """Return the question for the first failed check; None if none failed, or if no question helps."""
    failed = [outcome for outcome in one.outcomes if outcome.verdict is Verdict.FAILED]
    return question_of(failed[0], one.criterion) if failed else None


def _each(diagnosis: Diagnosis) -> Iterable[tuple[str, Misconception]]:
    return ((diagnosis.function, one) for one in diagnosis.misconceptions)


def _diagnosis_report(found: tuple[str, Misconception]) -> DiagnosisReport:
    function, one = found
    return DiagnosisReport(id=one.id, belief=one.belief, hint=one.question, cards=one.cards, function=function)


def _check_report(outcome: CheckOutcome, function: str, example: ExampleReport | None) -> CheckReport:
    return CheckReport(
        name=outcome.name,
        function=function,
        title=outcome.title,
        verdict=outcome.verdict,
        reason=outcome.reason,
        message=quoted(outcome.message) if outcome.verdict is Verdict.GRADER_FAULT else outcome.message,
        summary=outcome.summary,
        exception=outcome.exception,
        line=max(outcome.line, 0),
        example=example,
        remarks=tuple(map(quoted, outcome.remarks[:REMARKS_KEPT])),
        diagnosis=None,
        checked_with=outcome.checked_with,
    )


def _problem_report(problem: Problem) -> ProblemReport:
    return ProblemReport(
        line=max(problem.line, 1),
        column=max(problem.column, 0),
        message=quoted(problem.message),
        source_line=problem.source_line,
    )


def _faults_of_checks(criteria: Iterable[CriterionReport]) -> tuple[GraderFault, ...]:
    return tuple(
        GraderFault(check=check.name, message=check.message)
        for criterion in criteria
        for check in criterion.checks
        if check.verdict is Verdict.GRADER_FAULT
    )


def _rounded(timings: Mapping[str, float] | None) -> dict[str, float] | None:
    return None if timings is None else {name: round(seconds, 6) for name, seconds in timings.items()}
