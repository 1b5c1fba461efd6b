"""`grade flashcards`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.text import counted

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.flashcard_session import Asked, FlashcardSession

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
@click.option(
    "--new", "new_a_day", type=click.IntRange(min=0), default=20, show_default=True, help="New cards per day."
)
@click.option("--plain", is_flag=True, help="Read and print whole lines: for a screen reader or a simple terminal.")
@course_option
@debug_option
def command(
    topic: str | None, exam: date | str | None, cram: bool, new_a_day: int, plain: bool, course_root: Path
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
        session = FlashcardSession(record, chosen, exam=day, cram=cram, new_a_day=new_a_day)
        if day is not None:
            dialogue.say(f"Exam on {day}, in {counted((day - today()).days, 'day')}.")
        due, new = session.counts()
        if not cram:
            dialogue.say(f"{due} due, {new} new. {'' if due or new else 'Nothing is due today.'}".strip())
        try:
            _review(session, dialogue)
        except KeyboardInterrupt:
            dialogue.say()
        dialogue.say(f"{counted(session.answered, 'answer')} saved.")
        if not due and not new and not cram:
            dialogue.say("To practise anyway: grade flashcards --cram")


def _review(session: FlashcardSession, dialogue: Dialogue) -> None:
    """Ask one card after another, until none is left or the learner quits."""
    while (asked := session.next()) is not None:
        if not ask_card(session, dialogue, asked):
            return
    if session.answered:
        dialogue.say("\nYou are done for today.")


def ask_card(session: FlashcardSession, dialogue: Dialogue, asked: Asked) -> bool:
    """Ask one card. Return False if the learner quits."""
    from grader.study.record_entry import GOOD

    pressed = _key_pressed(dialogue, asked)
    if pressed == "q":
        return False
    if pressed == "s":
        session.skip(asked.card.id)
    elif pressed == "u":
        dialogue.say("Undone." if session.undo() else "There is no answer in this session to undo.")
    else:
        away = session.answer(asked.card.id, int(pressed) if pressed.isdecimal() else GOOD)
        dialogue.say(f"Comes again in {_in_words(away)}. {session.left()} left.", dim=True)
        if asked.leech:
            dialogue.say(
                f"You have forgotten this card {asked.lapses} times. Read its lesson again: "
                f"grade lesson {asked.card.topic}"
            )
    return True


def _key_pressed(dialogue: Dialogue, asked: Asked) -> str:
    """Show a card's question, and its answer when the learner wants it. Return the last key: a rating or a command."""
    card = asked.card
    state = f" {asked.because}" if asked.because else " new" if asked.new else ""
    dialogue.say(f"\n[{card.topic}]{state}", dim=True)
    if asked.changed:
        dialogue.say("The text of this card has changed since you last saw it.")
    dialogue.say(f"What is: {card.front}?" if card.kind == "term" else card.front, bold=True)
    keys = {key: does for key, does in ASKED.items() if key != "h" or card.hint}
    while (pressed := dialogue.key("", keys)) in ("h", "?"):
        dialogue.say(card.hint if pressed == "h" else HELP)
    if pressed == " ":
        dialogue.say(card.back, indent="  ")
        if card.why:
            dialogue.say(card.why, indent="  ", dim=True)
        while (pressed := dialogue.key("", SHOWN)) == "?":
            dialogue.say(HELP)
    return pressed


def _in_words(away: timedelta) -> str:
    """Return a waiting time as people say it."""
    if away < timedelta(hours=1):
        return counted(max(1, round(away / timedelta(minutes=1))), "minute")
    if away < timedelta(days=1):
        return counted(round(away / timedelta(hours=1)), "hour")
    days = away.days
    return counted(days, "day") if days < 60 else counted(round(days / 30.4), "month")
