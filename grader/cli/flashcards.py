"""`grade flashcards`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.flashcards import Asked, FlashcardSession

RATINGS = {"1": 1, "2": 2, "3": 3, "4": 4}
KEYS = {" ": "show the answer", "h": "hint", "s": "skip", "u": "undo", "q": "save and quit", "?": "help"}
HELP = (
    "Enter shows the answer. Then 1 again, 2 hard, 3 good, 4 easy; enter alone means good. u takes the last answer "
    "back, s leaves a card for another time, q ends. Every answer is kept at once."
)


@click.command("flashcards")
@click.argument("topic", required=False)
@click.option("--exam", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Every card once more before that day.")
@click.option("--cram", is_flag=True, help="Ask every card, due or not.")
@click.option("--new", "new_a_day", type=click.IntRange(min=0), default=20, show_default=True, help="New cards a day.")
@click.option("--plain", is_flag=True, help="Whole lines only: for a screen reader or a dumb terminal.")
@course_option
@debug_option
def command(
    topic: str | None, exam: datetime | None, cram: bool, new_a_day: int, plain: bool, course_root: Path | None
) -> None:
    """Review the cards that are due.

    What failed in an exercise comes first. TOPIC is a name such as pooling, or an exercise's number.
    """
    from grader.cli.dialogue import Dialogue, study_file
    from grader.cli.topics import topic_named
    from grader.course import builtin_course_root
    from grader.study.cards import read_decks
    from grader.study.flashcards import FlashcardSession
    from grader.study.journal import Journal

    cards = read_decks(course_root or builtin_course_root())
    wanted = topic_named(topic, {card.lesson: card.exercise for card in cards.values()})
    chosen = {key: card for key, card in cards.items() if wanted in (None, card.lesson)}
    if exam is not None and exam.date() < datetime.now().astimezone().date():
        raise click.BadParameter(f"{exam.date()} has passed; expected a day to come.", param_hint="--exam")
    with Journal(study_file()) as journal:
        session = FlashcardSession(journal, chosen, exam=exam.date() if exam else None, cram=cram, new_a_day=new_a_day)
        dialogue = Dialogue(plain)
        due, new = session.counts()
        if not cram:
            dialogue.say(f"{due} due, {new} new. {'' if due or new else 'Nothing is due today.'}".strip())
        try:
            _review(session, dialogue)
        except KeyboardInterrupt:
            dialogue.say()
        count = session.answered
        dialogue.say(f"{count} {'answer' if count == 1 else 'answers'} kept.")
        if not due and not new and not cram:
            dialogue.say("To practise all the same: grade flashcards --cram")


def _review(session: FlashcardSession, dialogue: Dialogue) -> None:
    """Card after card, until nothing is left or the learner leaves."""
    while (asked := session.next()) is not None:
        if not _one_card(session, dialogue, asked):
            return


def _one_card(session: FlashcardSession, dialogue: Dialogue, asked: Asked) -> bool:
    """Ask one card; whether to go on."""
    card = asked.card
    dialogue.say()
    dialogue.say(
        f"[{card.lesson}]" + (f" back because {asked.because}" if asked.because else " new" if asked.new else ""),
        dim=True,
    )
    if asked.changed:
        dialogue.say("The text of this card has changed since you saw it.")
    question = f"What is: {card.front}?" if card.kind == "term" else card.front
    dialogue.say(question, bold=True)
    keys = {key: does for key, does in KEYS.items() if key != "h" or card.hint}
    while (pressed := dialogue.key("", keys)) != " ":
        if pressed == "q":
            return False
        if pressed in ("s", "u"):
            _skip_or_undo(session, dialogue, pressed, card.id)
            return True
        dialogue.say(card.hint if pressed == "h" else HELP)
    dialogue.say(card.back, indent="  ")
    if card.why:
        dialogue.say(card.why, indent="  ", dim=True)
    rating = dialogue.key(
        "", {"1": "again", "2": "hard", "3": "good", "4": "easy", " ": "good", "u": "undo", "s": "skip", "q": "quit"}
    )
    if rating == "q":
        return False
    if rating in ("s", "u"):
        _skip_or_undo(session, dialogue, rating, card.id)
    else:
        session.answer(card.id, RATINGS.get(rating, 3))
    return True


def _skip_or_undo(session: FlashcardSession, dialogue: Dialogue, pressed: str, card_id: str) -> None:
    if pressed == "s":
        session.skip(card_id)
    elif session.undo() is None:
        dialogue.say("There is no answer of this session to take back.")
    else:
        dialogue.say("Taken back.")
