"""`grade start`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import WRITTEN, course_option, debug_option, exercise_argument


@click.command("start")
@exercise_argument()
@click.argument("folder", metavar="[DIR]", required=False, default=Path(), type=WRITTEN)
@click.option("--notebook", is_flag=True, help="Make a Jupyter notebook of the stub.")
@course_option
@debug_option
def command(name: str, folder: Path, notebook: bool, course_root: Path) -> None:
    """Put a fresh stub of an exercise into a folder.

    EXERCISE is a number, a key or a name: 3, 03_dropout or dropout. DIR defaults to the current folder. A
    file that already exists is not changed.
    """
    from grader.cli.output import emit, shown_path
    from grader.cli.written_stub import grade_command, tasks_of, write_stub
    from grader.course import load_course

    exercise = load_course(course_root).find(name)
    written = write_stub(exercise, folder, notebook=notebook)
    emit(
        f"Wrote {' and '.join(map(shown_path, written))}\n"
        f"Next: open it, write {tasks_of(exercise)}, and type: {grade_command(exercise, written[0])}\n"
    )
