"""`grade progress`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option


@click.command("progress")
@course_option
@debug_option
def command(course_root: Path | None) -> None:
    """How far you are, and the one next thing to do."""
    from datetime import UTC, datetime

    from grader.cli.dialogue import Dialogue, study_file
    from grader.course import builtin_course_root
    from grader.study.journal import Journal
    from grader.study.overview import overview_of

    with Journal(study_file()) as journal:
        overview = overview_of(journal, course_root or builtin_course_root(), datetime.now(UTC))
    dialogue = Dialogue(plain=True)
    width = max(len(row.exercise) for row in overview.rows)
    dialogue.picture(f"{'':<{width}}  {'exercise':>9}  {'cards':>9}  {'due':>3}  {'questions':>9}")
    for row in overview.rows:
        score = "-" if row.earned is None or row.possible is None else f"{row.earned:g} / {row.possible:g}"
        seen = f"{row.cards_seen} / {row.cards}"
        right = f"{row.right} / {row.asked}" if row.asked else "-"
        dialogue.picture(f"{row.exercise:<{width}}  {score:>9}  {seen:>9}  {row.due:>3}  {right:>9}")
    if overview.beliefs:
        dialogue.say()
        dialogue.say("What you were wrong about most, in exercises and questions together:")
        for name, count in overview.beliefs:
            dialogue.say(f"{name}: {count} {'time' if count == 1 else 'times'}", indent="  ")
    dialogue.say()
    dialogue.say(f"Next: {overview.next_thing}")
