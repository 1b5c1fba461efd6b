"""`grade study stats`."""

from __future__ import annotations

import click

from grader.cli.options import debug_option

DAYS = 14


@click.command("stats")
@debug_option
def command() -> None:
    """Due, retention, forecast, and cards that will not stick."""
    from datetime import UTC, datetime

    from grader.cli.dialogue import Dialogue, study_file
    from grader.study.journal import Journal
    from grader.study.statistics import statistics_of

    dialogue = Dialogue(plain=True)
    with Journal(study_file()) as journal:
        found = statistics_of(journal, datetime.now(UTC), DAYS)
    if not found.reviews:
        dialogue.say("Nothing was answered yet. Begin with: grade flashcards")
        return
    dialogue.say(f"{found.reviews} answers on {found.days} days, {found.cards} cards and questions seen.")
    dialogue.say(f"Due today: {found.forecast[0]}")
    if found.retention is not None:
        dialogue.say(f"Remembered when asked again after a day or more: {found.retention:.0%} of {found.spaced} times.")
    if found.recall is not None:
        dialogue.say(f"Remembered right now, by the model: {found.recall:.0%} on average.")
    if found.sure:
        dialogue.say(f"Right when sure: {found.sure_right / found.sure:.0%} of {found.sure} times.")
    dialogue.say(f"The next {DAYS} days:")
    most = max(found.forecast) or 1
    for day, count in enumerate(found.forecast):
        name = "today" if day == 0 else f"+{day}"
        dialogue.picture(f"  {name:>5} {'█' * round(30 * count / most)} {count}")
    for key, lapses in found.leeches:
        dialogue.say(f"Forgotten {lapses} times: {key}. Read its lesson again, or learn it in other words.")
