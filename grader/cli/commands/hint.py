"""`grade hint`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option, exercise_argument


@click.command("hint")
@exercise_argument()
@course_option
@debug_option
def command(name: str, course_root: Path) -> None:
    """Show one more hint for what you have not solved yet.

    Hints come in three steps: a question, the smallest input to try, and the missing idea. They never show code. Each
    `grade hint` shows the next step, and skips a question that the report has already asked.
    """
    from grader.cli.next_hint import next_hint
    from grader.cli.output import emit
    from grader.course import load_course

    emit(f"{next_hint(load_course(course_root).find(name))}\n")
