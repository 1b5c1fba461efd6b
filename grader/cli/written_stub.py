"""Put the stub of an exercise into a folder, as source or as a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.course import Exercise


def stub_content(exercise: Exercise, *, notebook: bool = False) -> bytes:
    """Return the stub. Raises CourseError."""
    from grader.course import CourseError, Fault

    try:
        content = exercise.stub.read_bytes()
    except OSError as error:
        raise CourseError([Fault(exercise.stub, 1, f"cannot be read: {error.strerror or error}")]) from None
    if not notebook:
        return content
    from grader.cli.own_file import number_of
    from grader.cli.stub_notebook import notebook_of

    return notebook_of(content.decode(), number_of(exercise)).encode()


def write_stub(exercise: Exercise, folder: Path, *, notebook: bool = False) -> list[Path]:
    """Write the stub and the data of an exercise, and return the paths. The first one is the learner's file.

    Existing data files are kept. Raises CourseError, and OutputError if the learner's file exists.
    """
    from grader.cli.output import OutputError, shown_path
    from grader.cli.own_file import number_of
    from grader.writing import write_new

    content = stub_content(exercise, notebook=notebook)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{shown_path(folder)} is a file, expected a folder for the stub. Nothing was written.")
    target = folder / f"{exercise.rubric.module}{'.ipynb' if notebook else '.py'}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_new(target, content)
        written = [target]
        for data in exercise.data:
            if not (folder / data.name).exists():
                write_new(folder / data.name, data.read_bytes())
                written.append(folder / data.name)
    except FileExistsError:
        number = number_of(exercise)
        if not target.is_file():
            raise OutputError(
                f"{shown_path(target)} exists and is no file that can be graded. It was not changed. Rename or delete "
                f"it, then type: {suggested(f'start {number}')}"
            ) from None
        raise OutputError(
            f"{shown_path(target)} exists and was not changed. To grade it: {grade_command(exercise, target)}. "
            f"To start over: {suggested(f'reset {number}')}"
        ) from None
    except OSError as error:
        raise OutputError(f"{shown_path(target)} cannot be written: {error.strerror or error}.") from None
    return written


def tasks_of(exercise: Exercise) -> str:
    """Return the functions to write. Those that give only bonus points are marked."""
    criteria = exercise.rubric.criteria
    graded = {one.function for one in criteria if not one.bonus}
    return ", ".join(name if name in graded else f"{name} (bonus)" for name in exercise.rubric.functions)


def grade_command(exercise: Exercise, target: Path) -> str:
    """Return what a learner types to grade a file."""
    from grader.cli.output import shown_path
    from grader.cli.own_file import number_of

    named = "" if target.parent == Path() else f" {shown_path(target)}"
    return suggested(f"exercise {number_of(exercise)}{named}")
