"""The file in which a learner works on an exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.submission import Submission


def usual_places(exercise: Exercise) -> list[Path]:
    """Return where the learner's file may be, the most likely place first."""
    folders = (Path("exercises", exercise.key), Path())
    return [folder / f"{exercise.rubric.module}{suffix}" for suffix in (".py", ".ipynb") for folder in folders]


def own_file(exercise: Exercise) -> Path | None:
    """Return the learner's file below the current folder; None if there is none."""
    return next((path for path in usual_places(exercise) if path.is_file()), None)


def file_in(folder: Path, exercise: Exercise) -> Path | None:
    """Return the learner's file in a folder; None if there is none."""
    paths = [folder / f"{exercise.rubric.module}{suffix}" for suffix in (".py", ".ipynb")]
    return next((path for path in paths if path.is_file()), None)


def expect_own_file(exercise: Exercise) -> Path:
    """Return the learner's file. Raises MissingFileError."""
    path = own_file(exercise)
    if path is None:
        from grader.submission import MissingFileError

        below, here, *_ = usual_places(exercise)
        raise MissingFileError(
            f"Found neither {below.as_posix()} below this folder nor {here} in it; expected your solution of "
            f"{exercise.key}. To begin: grade start {number_of(exercise)}"
        )
    return path


def read_own(exercise: Exercise, path: Path) -> Submission:
    """Return the submission in the learner's file. Raises SubmissionError."""
    from grader.submission import read_submission

    rubric = exercise.rubric
    functions = tuple(rubric.functions)
    return read_submission(path, exercise.key, rubric.module, companions=rubric.companions, functions=functions)


def number_of(exercise: Exercise) -> int:
    """Return the number that a learner types for an exercise."""
    return int(exercise.key[:2])
