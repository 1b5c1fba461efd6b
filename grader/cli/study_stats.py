"""`grade study stats`."""

from __future__ import annotations

import math

import click

from grader.cli.options import debug_option

DAYS = 14


@click.command("stats")
@debug_option
def command() -> None:
    """Due, retention, forecast, and cards that will not stick."""
    from grader.cli.dialogue import Dialogue, counted, open_record
    from grader.study.clock import milliseconds_now
    from grader.study.memory import QUIZ_PREFIX, at
    from grader.study.statistics import statistics_of

    dialogue = Dialogue()
    with open_record() as journal:
        found = statistics_of(journal, at(milliseconds_now()), DAYS)
    if not found.reviews:
        dialogue.say("Nothing was answered yet. Begin with: grade flashcards")
        return
    dialogue.say(
        f"{counted(found.reviews, 'answer')} on {counted(found.days, 'day')}: {counted(found.cards, 'card')} and "
        f"{counted(found.questions, 'question')} seen."
    )
    questions = found.forecast[0] - found.cards_due
    dialogue.say(f"Due today: {counted(found.cards_due, 'card')}, {counted(questions, 'question')}.")
    if found.retention is not None:
        times = counted(found.spaced, "time")
        dialogue.say(f"Remembered when asked again after a day or more: {found.retention:.0%} of {times}.")
    if found.recall is not None:
        dialogue.say(f"Remembered right now, by the model: {found.recall:.0%} on average.")
    if found.sure:
        dialogue.say(f"Right when sure: {found.sure_right / found.sure:.0%} of {counted(found.sure, 'time')}.")
    dialogue.say(f"Due in the next {DAYS} days:")
    most, longest = max(found.forecast) or 1, min(30, dialogue.width - 16)
    for day, count in enumerate(found.forecast):
        bar = ("█" if dialogue.blocks else "#") * math.ceil(longest * count / most)
        dialogue.picture(f"  {'today' if day == 0 else f'+{day}':>5} {bar}{' ' if bar else ''}{count}")
    for key, lapses in found.leeches:
        name = key.removeprefix(QUIZ_PREFIX)
        dialogue.say(f"Forgotten {lapses} times: {name}. Its lesson may help more than another try.")
