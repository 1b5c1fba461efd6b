"""The file in which a learner works on an exercise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.submission import Submission

MOST_READ = 50  # files that are searched for a function; a course folder has fewer than ten
MOST_BYTES = 2**20  # of each of them; a notebook with pictures is larger, and its functions come early


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

        raise MissingFileError(f"{nowhere(exercise)} To begin: {start_command(exercise)}")
    return path


def nowhere(exercise: Exercise) -> str:
    """Return the sentence for a learner who has no file of an exercise in the usual places."""
    below, here, *_ = usual_places(exercise)
    return (
        f"Cannot find your solution of exercise {number_of(exercise)}: this folder contains neither {here} nor "
        f"{below.as_posix()}."
    )


def elsewhere(exercise: Exercise) -> Path | None:
    """Return a file that may be the learner's although its place or its name differs from the usual ones.

    This is a file with the usual name in a folder below, else a file in this folder that defines a function of the
    exercise, else a file with the usual name in the folder above. A folder that cannot be read has none.
    """
    try:
        here = sorted(Path().iterdir())
        below = [path for path in here if path.is_dir() and not path.name.startswith(".")]
        known = next((file for folder in below if (file := file_in(folder, exercise)) is not None), None)
        files = [path for path in here if path.suffix in (".py", ".ipynb") and path.is_file()]
        like = known or next((path for path in files[:MOST_READ] if _defines_one(exercise, path)), None)
        return like or file_in(Path(".."), exercise)
    except OSError:
        return None


def _defines_one(exercise: Exercise, path: Path) -> bool:
    """Return True if the text of a file defines a function of an exercise. Nothing is run."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES)
    except OSError:
        return False
    return any(f"def {name}(".encode() in text for name in exercise.rubric.functions)


def read_own(exercise: Exercise, path: Path) -> Submission:
    """Return the submission in the learner's file. Raises SubmissionError."""
    from grader.submission import read_submission

    rubric = exercise.rubric
    functions = tuple(rubric.functions)
    return read_submission(path, exercise.key, rubric.module, companions=rubric.companions, functions=functions)


def start_command(exercise: Exercise) -> str:
    """Return what a learner types to get the stub."""
    return suggested(f"start {number_of(exercise)}")


def number_of(exercise: Exercise) -> int:
    """Return the number that a learner types for an exercise."""
    return int(exercise.key[:2])
