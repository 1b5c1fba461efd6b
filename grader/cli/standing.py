"""The standing of a learner in a course, for commands that work without it too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.suggested import suggested
from grader.grade_error import GradeError

if TYPE_CHECKING:
    from grader.course import Course, Exercise
    from grader.study.overview import ExerciseProgress, Overview


@dataclass(frozen=True)
class Standing:
    """The overview of a learner; None if it cannot be made, and then `trouble` says why."""

    overview: Overview | None
    trouble: str = ""

    @property
    def by_exercise(self) -> dict[str, ExerciseProgress]:
        """The progress in each exercise; empty without an overview."""
        return {} if self.overview is None else {one.exercise: one for one in self.overview.exercises}


def standing_in(root: Path) -> Standing:
    """Return where the learner stands in the course at `root`."""
    from grader.cli.user_state import NoHomeError, record_path
    from grader.study.clock import milliseconds_now
    from grader.study.learning_record import LearningRecord
    from grader.study.overview import overview_of
    from grader.study.schedule import at

    try:
        with LearningRecord(record_path()) as record:
            return Standing(overview_of(record, root, at(milliseconds_now())))
    except NoHomeError:
        return Standing(None)
    except (GradeError, OSError) as error:
        return Standing(None, _in_a_line(error))


def exercise_in_progress(course: Course) -> Exercise:
    """Return the first exercise with a file here that has not all its points. Raises UsageError if there is no file."""
    from grader.cli.own_file import own_file

    progress = standing_in(course.root).by_exercise
    begun = [exercise for exercise in course if own_file(exercise) is not None]
    if not begun:
        raise click.UsageError(
            "There is no file of an exercise here. Go to the folder of your files, or begin with: "
            f"{suggested('start 0')}"
        )
    return next((one for one in begun if not is_complete(progress.get(one.key))), begun[-1])


def is_complete(progress: ExerciseProgress | None) -> bool:
    """Return True if an exercise has all its points."""
    return (
        progress is not None
        and progress.earned is not None
        and progress.possible is not None
        and progress.earned >= progress.possible
    )


def _in_a_line(error: Exception) -> str:
    faults = getattr(error, "faults", ())
    text = f"{faults[0].path}: {faults[0].message}" if faults else str(error)
    return text.partition("\n")[0]
