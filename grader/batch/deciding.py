"""Record a decision of a person about a grade, or take it back, and write the results again."""

from __future__ import annotations

from dataclasses import dataclass

from grader.batch.opened_results import OpenedResults
from grader.batch.override_file import remove_override, write_overrides
from grader.batch.overrides import EXCUSED, TOTAL, Override, criterion_fault, points_fault
from grader.batch.run import OVERRIDES, BatchError
from grader.report.exports import ExerciseGrade


@dataclass(frozen=True)
class Decided:
    """A grade after a decision, and the decisions of the file that apply to nothing.

    `learner` is how the learner is called in the pages.
    """

    learner: str
    exercise: str
    grade: ExerciseGrade | None
    unapplied: tuple[str, ...]


def override_of(
    opened: OpenedResults, learner: str, exercise: str, criterion: str, points: float | None, comment: str, by: str
) -> Override:
    """Return a decision about somebody in these results. Raises BatchError and UnknownExerciseError.

    `points` None excuses the learner, or is for a decision to take back.
    """
    found = opened.given.course.find(exercise)
    named = "" if criterion.casefold() == TOTAL else criterion
    who = opened.learner(learner)
    complaint = criterion_fault(found, named)
    if not complaint and points is not None:
        complaint = points_fault(found, named, points)
    if complaint:
        raise BatchError(f"{complaint.removesuffix('.')}. Nothing was changed.")
    return Override(who, found.key, named, points, " ".join(comment.split()), " ".join(by.split()))


def decide(opened: OpenedResults, override: Override) -> Decided:
    """Record a decision and write the results. Raises BatchError and FaultyFileError."""
    if override.criterion:
        if override.points is None:
            raise BatchError(
                f"Only a whole exercise can be {EXCUSED}, and --criterion names {override.criterion}. "
                "Nothing was changed."
            )
        _, graded = opened.entry(override.learner, override.exercise)
        if graded is None or graded.faults:
            raise BatchError(
                f"{opened.shown(override.learner)} has no score in {override.exercise}, so only the whole exercise can "
                "be decided: leave out --criterion. Nothing was changed."
            )
    given = opened.given
    opened.overrides()  # a fault in another line ends the command before anything is written
    write_overrides(opened.out, [override], given.course, given.roster)
    return _written(opened, override)


def take_back(opened: OpenedResults, override: Override) -> Decided:
    """Remove the decision about the same and write the results. Raises BatchError and FaultyFileError."""
    given = opened.given
    if override.target not in {one.target for one in opened.overrides()}:
        what = f"criterion {override.criterion}" if override.criterion else "the whole exercise"
        raise BatchError(
            f"{OVERRIDES} has no decision about {what} for {opened.shown(override.learner)} in {override.exercise}. "
            "Nothing was changed."
        )
    remove_override(opened.out, override.target, given.course, given.roster)
    return _written(opened, override)


def _written(opened: OpenedResults, override: Override) -> Decided:
    unapplied = opened.write().unapplied
    (learner,) = opened.grades().learners(override.learner)
    return Decided(
        opened.shown(override.learner), override.exercise, learner.row.grades.get(override.exercise), unapplied
    )
