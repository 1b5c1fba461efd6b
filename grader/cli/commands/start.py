"""`grade start`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option


@click.command("start")
@click.argument("name", metavar="EXERCISE")
@click.argument("folder", metavar="[DIR]", required=False, default=Path(), type=click.Path(path_type=Path))
@course_option
@debug_option
def command(name: str, folder: Path, course_root: Path) -> None:
    """Put a fresh stub of an exercise into a folder.

    EXERCISE is a number, a key or a name: 3, 03_dropout or dropout. DIR defaults to the current folder. A
    file that already exists is not changed.
    """
    from grader.cli.output import OutputError, emit, shown_path
    from grader.course import CourseError, Fault, load_course
    from grader.writing import write_new

    exercise = load_course(course_root).find(name)
    stub, target = exercise.stub, folder / f"{exercise.rubric.module}.py"
    grade = f"grade exercise {int(exercise.key[:2])}"
    if folder != Path():
        grade += f" {shown_path(target)}"
    try:
        content = stub.read_bytes()
    except OSError as error:
        raise CourseError([Fault(stub, 1, f"cannot be read: {error.strerror or error}")]) from None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_new(target, content)
        written = [target]
        for data in exercise.data:
            if not (folder / data.name).exists():
                write_new(folder / data.name, data.read_bytes())
                written.append(folder / data.name)
    except FileExistsError:
        raise OutputError(
            f"{shown_path(target)} exists and was not changed. To grade it: {grade}. "
            "To start over, rename or delete it first."
        ) from None
    except OSError as error:
        raise OutputError(f"{shown_path(target)} cannot be written: {error.strerror or error}.") from None
    functions = ", ".join(exercise.rubric.functions)
    emit(f"Wrote {' and '.join(map(shown_path, written))}\nNext: open it, write {functions}, and type: {grade}\n")
