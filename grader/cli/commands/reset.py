"""`grade reset`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option, exercise_argument
from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.course import Exercise


@click.command("reset")
@exercise_argument()
@course_option
@debug_option
def command(name: str, course_root: Path) -> None:
    """Save your file under another name, and start over.

    A fresh stub takes its place. EXERCISE is a number, a key or a name: 3, 03_dropout or dropout. The saved file is
    dropout_saved_1.py, or has the next free number. A saved file is never graded by itself.
    """
    from grader.cli.output import emit, shown_path
    from grader.cli.own_file import expect_own_file, number_of
    from grader.cli.written_stub import stub_content
    from grader.course import load_course

    exercise = load_course(course_root).find(name)
    file = expect_own_file(exercise)
    stub = stub_content(exercise, notebook=file.suffix == ".ipynb")
    content = _content_of(file)
    if content == stub:
        emit(f"{shown_path(file)} is the fresh stub already. Nothing was changed.\n")
        return
    _refuse_the_course(exercise, file)
    saved = _save(file, content)
    _replace(file, stub)
    emit(
        f"Your file is now {shown_path(saved)}. {shown_path(file)} is a fresh stub.\n"
        f"To get it back: mv {shown_path(saved)} {shown_path(file)}\n"
        f"Next: {suggested(f'watch {number_of(exercise)}')}\n"
    )


def _content_of(file: Path) -> bytes:
    from grader.cli.output import OutputError, shown_path

    try:
        return file.read_bytes()
    except OSError as error:
        raise OutputError(f"{shown_path(file)} cannot be read: {error.strerror or error}.") from None


def _refuse_the_course(exercise: Exercise, file: Path) -> None:
    """Raise OutputError if the file is the stub of the course itself, as in a checkout: there is no fresh one."""
    from grader.cli.output import OutputError, shown_path

    if exercise.stub.exists() and exercise.stub.samefile(file):
        raise OutputError(
            f"{shown_path(file)} is the stub of the course itself, so there is no fresh one. "
            f"In a checkout: git restore {shown_path(file)}"
        )


def _replace(file: Path, stub: bytes) -> None:
    from grader.cli.output import OutputError, shown_path
    from grader.writing import write_whole

    try:
        write_whole(file, stub)
    except OSError as error:
        raise OutputError(f"{shown_path(file)} cannot be written: {error.strerror or error}.") from None


def _save(file: Path, content: bytes) -> Path:
    """Copy a file to the first free name beside it, and return the path. Raises OutputError."""
    import itertools

    from grader.cli.output import OutputError, shown_path
    from grader.writing import write_new

    for number in itertools.count(1):
        saved = file.with_name(f"{file.stem}_saved_{number}{file.suffix}")
        try:
            write_new(saved, content)
        except FileExistsError:
            continue
        except OSError as error:
            raise OutputError(
                f"{shown_path(saved)} cannot be written: {error.strerror or error}. Nothing was changed."
            ) from None
        return saved
    raise AssertionError  # the numbers do not end
