"""Explain a grade: recompute the checks of a stored submission, and say what has changed since it was graded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.batch.batch_journal import Graded
from grader.batch.evidence_words import explained_check
from grader.batch.kept_files import KeptFiles, places_in_details, unpacked_contents
from grader.batch.opened_results import OpenedResults
from grader.batch.run import BatchError
from grader.course import Exercise, did_you_mean
from grader.report.exports import points_text
from grader.report.pages import ExplainedCheck, Explanation
from grader.sandbox import Isolation
from grader.submission.intake import IntakeError
from grader.submission.intake.contents import contents_of, submission_of, tree_of
from grader.submission.submission import content_hash
from grader.text import for_line, for_path


@dataclass(frozen=True)
class Disputed:
    """A grade in a dispute: whose it is, the report, and the files that were graded."""

    learner: str
    exercise: Exercise
    details: Mapping[str, Any]
    graded: Graded
    files: KeptFiles

    @property
    def origin(self) -> str:
        """The path of the file among the submissions, which may contain the name of the learner."""
        return str(self.details["origin"])


def disputed_grade(opened: OpenedResults, learner: str, exercise: str) -> Disputed:
    """Return the grade of a learner in an exercise. Raises BatchError and UnknownExerciseError."""
    found = opened.given.course.find(exercise)
    who = opened.learner(learner)
    details, graded = opened.entry(who, found.key)
    if graded is None:
        raise BatchError(
            f"{opened.shown(who)} has no report of {found.key}, so there is nothing to explain. index.html says why."
        )
    known = json.loads(details)
    return Disputed(who, found, known, graded, kept_files(opened, found.key, known, graded))


def kept_files(opened: OpenedResults, exercise: str, details: Mapping[str, Any], graded: Graded) -> KeptFiles:
    """Return the files that were graded. Raises BatchError if the journal does not have them."""
    packed, places = opened.journal.source(graded.content.sha256), places_in_details(details)
    if packed is None or not places:
        raise BatchError(
            f"The results do not have the files of {opened.shown(graded.content.learner)} for {exercise}: they are "
            "larger than 4 MiB, or an older version graded them. Grade the file itself: "
            f"grade exercise {exercise} FILE --seed {graded.content.seed}"
        )
    return KeptFiles(places, unpacked_contents(packed))


def explain(opened: OpenedResults, disputed: Disputed, checks: Sequence[str] = ()) -> Explanation:
    """Return the evidence for a grade. Without `checks`, it is about each check that did not pass.

    Raises BatchError, IsolationError and CourseError.
    """
    from grader.grading.evidence import gather_evidence

    report = opened.shown_names().report(disputed.learner, disputed.graded.parsed(), disputed.details)
    verdicts = {one["name"]: one["verdict"] for criterion in report["criteria"] for one in criterion["checks"]}
    wanted = list(checks) or [name for name, verdict in verdicts.items() if verdict != "passed"]
    problem = "\n".join(one["message"] for one in report["problems"])
    explained: tuple[ExplainedCheck, ...] = ()
    if not problem and wanted:
        exercise, files = disputed.exercise, disputed.files
        rubric = exercise.rubric
        submission = submission_of(
            disputed.graded.content.learner, exercise.key, files.places, files.contents, tuple(rubric.functions)
        )
        evidence = gather_evidence(
            exercise, submission, report["course"]["seed"], Isolation(report["isolation"]), wanted
        )
        problem = evidence.problem
        explained = tuple(
            explained_check(one, verdicts.get(one.outcome.name, "not there"), rubric) for one in evidence.checks
        )
    (learner,) = opened.grades().learners(disputed.learner)
    grade = learner.row.grades[disputed.exercise.key]
    now = {one.name: one.now for one in explained}
    remarks = [*_changes(opened, disputed, report), *_other_verdicts(verdicts, now)]
    return Explanation(
        report["title"],
        _called(opened, disputed.learner),
        tuple(_facts(disputed, report, grade.final, "" if opened.settings.anonymous else disputed.origin)),
        tuple(remarks),
        tuple((one["title"], _of(one["earned"], one["possible"])) for one in report["criteria"]),
        grade.decisions,
        explained,
        problem,
    )


def checks_named(exercise: Exercise, name: str) -> tuple[str, ...]:
    """Return the checks that a name stands for: a check, with or without `test_`, or a criterion.

    Raises BatchError.
    """
    criteria = {one.id: one.checks for one in exercise.rubric.criteria}
    checks = {check: (check,) for one in exercise.rubric.criteria for check in one.checks}
    known = {**criteria, **{check.removeprefix("test_"): (check,) for check in checks}, **checks}
    if name not in known:
        hint = did_you_mean(name, list(known)) or f" It has {', '.join(checks)}."
        raise BatchError(f'{exercise.key} has no check "{name}".{hint}')
    return tuple(known[name])


def _facts(
    disputed: Disputed, report: Mapping[str, Any], final: float | None, origin: str
) -> Iterator[tuple[str, str]]:
    score = report["score"]
    yield "Exercise", disputed.exercise.key
    earned = _of(score["earned"], score["possible"])
    yield "Report", earned if score["earned"] is None else f"{earned} points"
    yield "Counts", points_text(final) if final is None else f"{points_text(final)} points"
    if origin:
        yield "File", origin
    yield "Submission", report["submission"]["sha256"]
    yield "Course", report["course"]["hash"]
    yield "Seed", str(report["course"]["seed"])
    yield "Isolation", report["isolation"]
    module = disputed.files.places[0].name
    seed = report["course"]["seed"]
    yield "Compute it again", f"grade exercise {disputed.exercise.key} {module} --seed {seed}"


def _of(earned: float | None, possible: float) -> str:
    return points_text(earned) if earned is None else f"{points_text(earned)} of {points_text(possible)}"


def _called(opened: OpenedResults, learner: str) -> str:
    """Return the id of a learner with the name in the roster, or the pseudonym."""
    person = opened.given.roster.people.get(learner)
    name = "" if person is None or opened.settings.anonymous else person.name
    return f"{learner} ({name})" if name and name != learner else opened.shown(learner)


def _changes(opened: OpenedResults, disputed: Disputed, report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing that has changed since the submission was graded."""
    from grader.grading.worker import versions

    graded_with, here = report["run"]["versions"], versions()
    changed = [f"{name} {graded_with[name]} to {here[name]}" for name in here if graded_with.get(name) != here[name]]
    if changed:
        yield f"The package has changed since this was graded: {', '.join(changed)}."
    if disputed.exercise.content_hash() != report["course"]["hash"]:
        yield "The course or the grader has changed since this was graded, so that inputs and verdicts may differ."
    yield from _changed_file(opened, disputed)


def _changed_file(opened: OpenedResults, disputed: Disputed) -> Iterator[str]:
    source = opened.settings.submissions
    origin = "The file" if opened.settings.anonymous else for_line(disputed.origin)
    try:
        contents = contents_of(tree_of(source), disputed.files.places)
    except IntakeError:
        yield f"{origin} is no longer where it was in {for_path(source)}. This is about the file that was graded."
        return
    if content_hash(contents) != disputed.graded.content.sha256:
        yield f"{origin} has changed since it was graded. This is about the file that was graded."


def _other_verdicts(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name, verdict in now.items():
        if before.get(name) != verdict:
            yield f"{name} has another verdict than when it was graded: {before.get(name, 'none')}, now {verdict}."
