"""`grade list`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option


@click.command("list")
@course_option
@debug_option
def command(course_root: Path) -> None:
    """List the exercises, your points and your files."""
    from grader.cli.exercise_table import exercise_table
    from grader.cli.output import emit
    from grader.course import CourseError, load_course

    lines, faults = exercise_table(load_course(course_root))
    emit("".join(f"{line}\n" for line in lines))
    if faults:
        raise CourseError(faults)
