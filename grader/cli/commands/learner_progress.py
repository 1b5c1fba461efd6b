"""`grade progress`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.overview import ExerciseProgress


@click.command("progress")
@course_option
@debug_option
def command(course_root: Path) -> None:
    """Show how far you are, and what to do next."""
    from grader.cli.dialogue import Dialogue, open_record
    from grader.study.clock import milliseconds_now
    from grader.study.overview import overview_of
    from grader.study.schedule import at
    from grader.text import counted

    with open_record() as record:
        overview = overview_of(record, course_root, at(milliseconds_now()))
    dialogue = Dialogue()
    _table(dialogue, overview.exercises)
    if overview.misconceptions:
        dialogue.say("\nYour most frequent misconceptions, in exercises and questions:")
        for one in overview.misconceptions:
            dialogue.say(f"{one.id}: {counted(one.count, 'time')}", indent="  ")
            if one.text:
                dialogue.say(f"Belief: {one.text}", indent="    ")
    dialogue.say(f"\nNext: {overview.step.sentence(suggested)}")


def _table(dialogue: Dialogue, rows: tuple[ExerciseProgress, ...]) -> None:
    """Print a line for each exercise. In a narrow window it has the number of the exercise only."""
    cells = [["", "best", "last", "cards", "due", "questions"]]
    for row in rows:
        best = "-" if row.earned is None or row.possible is None else f"{row.earned:g} / {row.possible:g}"
        last = "-" if row.last is None else f"{row.last.earned:g}"
        right = f"{row.right} / {row.asked}" if row.asked else "-"
        cells.append([row.exercise, best, last, f"{row.cards_seen} / {row.cards}", f"{row.due}", right])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * len(widths) > dialogue.width:
        cells = [[name[:2], *numbers] for name, *numbers in cells]
        widths[0] = 2
    for name, *numbers in cells:
        right_aligned = (f"{number:>{width}}" for number, width in zip(numbers, widths[1:], strict=True))
        dialogue.picture("  ".join([f"{name:<{widths[0]}}", *right_aligned]))
