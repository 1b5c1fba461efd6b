"""`grade hint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.course import Exercise

RUNGS = ("Question", "Smallest input to try", "The missing idea")


@click.command("hint")
@click.argument("name", metavar="EXERCISE")
@course_option
@debug_option
@click.pass_context
def command(ctx: click.Context, name: str, course_root: Path) -> None:
    """Show one more hint for what you have not solved yet.

    Hints come in three steps: a question, the smallest input to try, and the missing idea. They never show code. The
    report already shows the question. Each `grade hint` shows the next step.
    """
    from grader.cli.open_hints import climb, open_items
    from grader.cli.output import OutputError, emit
    from grader.course import load_course

    exercise = load_course(course_root).find(name)
    number = int(exercise.key[:2])
    items = open_items(exercise.key)
    if items is None:
        raise OutputError(f"Exercise {number} was not graded here yet. Begin with: grade exercise {number}")
    if not items:
        emit(f"You lost no points in exercise {number}, so there is no hint to show.\n")
        return
    for item, told in items.items():
        ladder = _ladder(exercise, item)
        if ladder is not None and told < len(RUNGS):
            about, rungs = ladder
            emit(f"{about}\n{RUNGS[told]}: {rungs[told]}\n")
            climb(exercise.key, item)
            return
    emit(f"You have seen all the hints. Change your code, then run: grade exercise {number}\n")


def _ladder(exercise: Exercise, item: str) -> tuple[str, tuple[str, str, str]] | None:
    """Return what an item is about and its three hints, None if the course no longer has it."""
    kind, _, name = item.partition(":")
    if kind == "criterion":
        for one in exercise.rubric.criteria:
            if one.id == name:
                return f"{one.function}: {one.title}", (one.hints.question, one.hints.probe, one.hints.name)
        return None
    for found in exercise.misconceptions():
        if found.id == name:
            return f"{found.function}: consistent with a known misunderstanding", (
                found.question,
                found.probe,
                found.name,
            )
    return None
