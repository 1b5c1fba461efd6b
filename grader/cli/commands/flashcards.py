"""`grade flashcards`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.cli.suggested import suggested
from grader.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.cli.dialogue import Dialogue
    from grader.study.flashcard_session import Asked, FlashcardSession
    from grader.study.learning_record import LearningRecord

NO_EXAM = "none"
ALWAYS = {"s": "skip", "u": "undo", "q": "save and quit", "?": "help"}
ASKED = {" ": "show the answer", "h": "hint", **ALWAYS}
SHOWN = {"1": "again", "2": "hard", "3": "good", "4": "easy", " ": "good", **ALWAYS}
HELP = (
    "Enter shows the answer. Then press 1 for again, 2 for hard, 3 or enter for good, 4 for easy. h shows a hint, u "
    "undoes the last answer, s skips a card, q quits. Every answer is saved at once."
)


def _day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> date | str | None:
    """Return a day from today on, or the word none. Raises BadParameter."""
    if value is None or value == NO_EXAM:
        return value
    from grader.study.clock import today

    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f'"{value}" is not a date; expected one such as 2027-02-11, or {NO_EXAM}.') from None
    if day < today():
        raise click.BadParameter(f"{day} has passed; expected today or a later day.")
    return day


@click.command("flashcards")
@click.argument("topic", required=False)
@click.option(
    "--exam",
    metavar="DATE",
    callback=_day,
    help=f"Review every card once more in the last days before this date. {NO_EXAM} removes the date.",
)
@click.option("--cram", is_flag=True, help="Ask every card, whether it is due or not.")
@click.option("--new", "new_a_day", type=click.IntRange(min=0), default=7, show_default=True, help="New cards per day.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Cards of this session.")
@click.option("--plain", is_flag=True, help="Read and print whole lines: for a screen reader or a simple terminal.")
@course_option
@debug_option
def command(
    topic: str | None, exam: date | str | None, cram: bool, new_a_day: int, limit: int, plain: bool, course_root: Path
) -> None:
    """Review the cards that are due.

    Cards about your mistakes in exercises come first. TOPIC is a name such as pooling, or the number of an exercise.
    """
    from grader.cli.dialogue import Dialogue, open_record
    from grader.cli.topics import topic_named
    from grader.study.cards import read_decks
    from grader.study.clock import today
    from grader.study.flashcard_session import FlashcardSession, exam_ahead

    cards = read_decks(course_root)
    wanted = topic_named(topic, {card.topic: card.exercise for card in cards.values()})
    chosen = {key: card for key, card in cards.items() if wanted in (None, card.topic)}
    dialogue = Dialogue(plain)
    with open_record() as record:
        if exam is not None:
            record.add_event("exam", detail="" if exam == NO_EXAM else str(exam))
        day = exam_ahead(record, today())
        session = FlashcardSession(
            record, chosen, exam=day, cram=cram, new_a_day=new_a_day, limit=None if cram else limit, root=course_root
        )
        if day is not None:
            dialogue.say(f"Exam on {day}, in {counted((day - today()).days, 'day')}.")
        due, new = session.counts()
        if not cram:
            dialogue.say(f"{due} due, {new} new. {_plan(due + new, session.left())}".strip())
        try:
            _review(session, dialogue)
        except KeyboardInterrupt:
            dialogue.say()
        if not dialogue.plain and session.answered:
            _summary(session, dialogue, record, course_root)
        dialogue.say(f"{counted(session.answered, 'answer')} saved.")
        left = sum(session.counts())
        if not cram and left:
            again = suggested(f"flashcards {wanted or ''}".strip())
            dialogue.say(f"{counted(left, 'card is', 'cards are')} left. To continue: {again}")
        elif not due and not new and not cram:
            dialogue.say(f"To practise anyway: {suggested('flashcards --cram')}")


def _plan(waiting: int, now: int) -> str:
    """Return how many cards this session asks, if it does not ask all of them."""
    if not waiting:
        return "Nothing is due today."
    return f"This session: {now}." if now < waiting else ""


def _review(session: FlashcardSession, dialogue: Dialogue) -> None:
    """Ask one card after another, until none is left or the learner quits."""
    while (asked := session.next()) is not None:
        if not ask_card(session, dialogue, asked):
            return
    if session.answered:
        done = "this session" if sum(session.counts()) else "today"
        dialogue.remark(f"\nYou are done for {done}.")


def ask_card(session: FlashcardSession, dialogue: Dialogue, asked: Asked) -> bool:
    """Ask one card. Return False if the learner quits."""
    from grader.study.record_entry import GOOD

    pressed = _key_pressed(session, dialogue, asked)
    if pressed == "q":
        return False
    if pressed == "s":
        session.skip(asked.card.id)
    elif pressed == "u":
        dialogue.remark("Undone." if session.undo() else "There is no answer in this session to undo.")
    else:
        away = session.answer(asked.card.id, int(pressed) if pressed.isdecimal() else GOOD)
        said = f"Comes again in {_in_words(away)}. {session.left()} left."
        if asked.leech:
            said += (
                f"\nYou have forgotten this card {asked.lapses} times. Read its lesson again: "
                f"{suggested(f'lesson {asked.card.topic}')}"
            )
        dialogue.remark(said)
    return True


def _key_pressed(session: FlashcardSession, dialogue: Dialogue, asked: Asked) -> str:
    """Show a card's question, and its answer when the learner wants it. Return the last key: a rating or a command."""
    card = asked.card
    state = f" {asked.because}" if asked.because else " new" if asked.new else ""
    place = session.answered + 1
    places = [
        card.topic,
        f"{place} of {max(place, session.answered + session.left())}",
        *(["new"] if asked.new else []),
    ]
    dialogue.page(f"[{card.topic}]{state}", places, asked.because)
    if asked.changed:
        dialogue.say("The text of this card has changed since you last saw it.")
    dialogue.say(f"What is: {card.front}?" if card.kind == "term" else card.front, bold=True)
    if card.picture and dialogue.draws:
        dialogue.set_apart(card.picture)
    keys = {key: does for key, does in ASKED.items() if key != "h" or card.hint}
    while (pressed := dialogue.key("", keys)) in ("h", "?"):
        dialogue.say(card.hint if pressed == "h" else HELP)
    if pressed == " ":
        dialogue.rule("Answer")
        dialogue.say(card.back, indent="  ")
        if card.why:
            dialogue.say(card.why, indent="  ", dim=True)
        keys = SHOWN if dialogue.plain else _with_intervals(session.intervals(card.id))
        while (pressed := dialogue.key("", keys)) == "?":
            dialogue.say(HELP)
    return pressed


def _with_intervals(intervals: Mapping[int, timedelta]) -> dict[str, str]:
    """Return the keys of the ratings with the time until the card would come again."""
    timed = {str(rating): f"{SHOWN[str(rating)]} {_short(away)}" for rating, away in intervals.items()}
    return {**SHOWN, **timed}


def _summary(session: FlashcardSession, dialogue: Dialogue, record: LearningRecord, root: Path) -> None:
    """Draw the last page of a session: what was done, when a card comes next, and what to do now."""
    from grader.study.clock import milliseconds_now
    from grader.study.overview import overview_of
    from grader.study.schedule import at

    dialogue.page("", ["This session"])
    dialogue.say(
        f"{counted(session.answered, 'answer')} in {counted(session.minutes, 'minute')}, {session.right} remembered."
    )
    away = session.next_due()
    if away is not None:
        dialogue.say(f"The next card comes in {_in_words(away)}.")
    if not sum(session.counts()):  # else the last line says how many are left, and how to continue
        dialogue.say(f"Next: {overview_of(record, root, at(milliseconds_now())).step.sentence(suggested)}")


def _short(away: timedelta) -> str:
    """Return a waiting time in a few characters.

    >>> [_short(timedelta(minutes=minutes)) for minutes in (0, 10, 150, 4320, 200_000)]
    ['1 min', '10 min', '2 h', '3 d', '5 mo']
    """
    if away < timedelta(hours=1):
        return f"{max(1, round(away / timedelta(minutes=1)))} min"
    if away < timedelta(days=1):
        return f"{round(away / timedelta(hours=1))} h"
    return f"{away.days} d" if away.days < 60 else f"{round(away.days / 30.4)} mo"


def _in_words(away: timedelta) -> str:
    """Return a waiting time as people say it."""
    if away < timedelta(hours=1):
        return counted(max(1, round(away / timedelta(minutes=1))), "minute")
    if away < timedelta(days=1):
        return counted(round(away / timedelta(hours=1)), "hour")
    days = away.days
    return counted(days, "day") if days < 60 else counted(round(days / 30.4), "month")
