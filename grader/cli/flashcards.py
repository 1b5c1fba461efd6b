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
    "Enter shows the answer. Then 1 again, 2 hard, 3 good, 4 easy; enter alone means good. h gives a hint before the "
    "answer, u takes the last answer back, s leaves a card for another time, q ends. Every answer is kept at once."
)


def _day(ctx: click.Context, parameter: click.Parameter, value: str | None) -> date | str | None:
    """A day from today on, or the word none."""
    if value is None or value == NO_EXAM:
        return value
    from grader.study.clock import today

    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f'"{value}" is no date; expected one such as 2027-02-11, or {NO_EXAM}.') from None
    if day < today():
        raise click.BadParameter(f"{day} has passed; expected a day to come.")
    return day


@click.command("flashcards")
@click.argument("topic", required=False)
@click.option(
    "--exam",
    metavar="DATE",
    callback=_day,
    help=f"Every card once more in the last days before it. Remembered; {NO_EXAM} forgets it.",
)
@click.option("--cram", is_flag=True, help="Ask every card, due or not.")
@click.option("--new", "new_a_day", type=click.IntRange(min=0), default=20, show_default=True, help="New cards a day.")
@click.option("--plain", is_flag=True, help="Whole lines only: for a screen reader or a dumb terminal.")
@course_option
@debug_option
def command(
    topic: str | None, exam: date | str | None, cram: bool, new_a_day: int, plain: bool, course_root: Path | None
) -> None:
    """Review the cards that are due.

    What failed in an exercise comes first. TOPIC is a name such as pooling, or an exercise's number.
    """
    from grader.cli.dialogue import Dialogue, open_record
    from grader.cli.topics import topic_named
    from grader.course import builtin_course_root
    from grader.study.cards import read_decks
    from grader.study.clock import today
    from grader.study.flashcard_session import FlashcardSession, exam_ahead

    cards = read_decks(course_root or builtin_course_root())
    wanted = topic_named(topic, {card.lesson: card.exercise for card in cards.values()})
    chosen = {key: card for key, card in cards.items() if wanted in (None, card.lesson)}
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
        dialogue.say(f"{counted(session.answered, 'answer')} kept.")
        if not due and not new and not cram:
            dialogue.say("To practise all the same: grade flashcards --cram")


def _review(session: FlashcardSession, dialogue: Dialogue) -> None:
    """Card after card, until nothing is left or the learner leaves."""
    while (asked := session.next()) is not None:
        if not _one_card(session, dialogue, asked):
            return
    if session.answered:
        dialogue.say("\nThat was all for today.")


def _one_card(session: FlashcardSession, dialogue: Dialogue, asked: Asked) -> bool:
    """Ask one card; whether to go on."""
    from grader.study.record_entry import GOOD

    pressed = _key_pressed(dialogue, asked)
    if pressed == "q":
        return False
    if pressed == "s":
        session.skip(asked.card.id)
    elif pressed == "u":
        dialogue.say("Taken back." if session.undo() else "There is no answer of this session to take back.")
    else:
        away = session.answer(asked.card.id, int(pressed) if pressed.isdecimal() else GOOD)
        dialogue.say(f"Comes again in {_told(away)}. {session.left()} left.", dim=True)
        if asked.leech:
            dialogue.say(
                f"You have forgotten this one {asked.lapses} times. Its lesson may help more than another try: "
                f"grade lesson {asked.card.lesson}"
            )
    return True


def _key_pressed(dialogue: Dialogue, asked: Asked) -> str:
    """Show the card's question, and its answer when it is wanted; the key that ends it: a rating, or to leave it."""
    card = asked.card
    state = f" back because {asked.because}" if asked.because else " new" if asked.new else ""
    dialogue.say(f"\n[{card.lesson}]{state}", dim=True)
    if asked.changed:
        dialogue.say("The text of this card has changed since you saw it.")
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


def _told(away: timedelta) -> str:
    """A time to wait as people say it."""
    if away < timedelta(hours=1):
        return counted(max(1, round(away / timedelta(minutes=1))), "minute")
    if away < timedelta(days=1):
        return counted(round(away / timedelta(hours=1)), "hour")
    days = away.days
    return counted(days, "day") if days < 60 else counted(round(days / 30.4), "month")
