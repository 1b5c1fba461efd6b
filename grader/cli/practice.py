"""Practice after a part of a lesson: some cards and a question, in the same record as every other answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.commands.flashcards import ask_card
from grader.cli.commands.quiz import ask_question
from grader.study.flashcard_session import FlashcardSession
from grader.study.question_bank import QuestionBank
from grader.study.questions import Generated
from grader.study.quiz_session import QuizSession

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.cards import Card
    from grader.study.learning_record import LearningRecord


def ask_cards(
    dialogue: Dialogue, record: LearningRecord, deck: Mapping[str, Card], chosen: Sequence[str], root: Path
) -> bool:
    """Ask each of the chosen cards that is new or due until it is remembered once. Return False if the learner stops.

    `deck` holds all cards of the course: a card that was split off another one has the history of that one.
    """
    waiting = _new_or_due(record, deck, chosen)
    session = FlashcardSession(record, waiting, cram=True, root=root)
    if waiting:
        dialogue.say("\nThe cards of this part", dim=True)
    while (asked := session.next()) is not None:
        if not ask_card(session, dialogue, asked):
            return False
    return True


def ask_one_question(dialogue: Dialogue, record: LearningRecord, bank: QuestionBank, topic: str) -> bool:
    """Ask one question about a topic, a generated one if there is one. Return False if the learner stops."""
    session = QuizSession(record, bank, topics=[topic], count=len(bank.where))
    session.plan = _generated_first(session.plan, bank)[:1]
    return all(ask_question(session, dialogue, 1, one) for one in session.plan)


def _new_or_due(record: LearningRecord, deck: Mapping[str, Card], chosen: Sequence[str]) -> dict[str, Card]:
    from grader.study.clock import milliseconds_now
    from grader.study.due import due_now
    from grader.study.schedule import at

    now = at(milliseconds_now())
    memories = due_now(record, deck, (), now).memories
    return {key: deck[key] for key in chosen if key not in memories or memories[key].due <= now}


def _generated_first(plan: Sequence[str], bank: QuestionBank) -> list[str]:
    return sorted(plan, key=lambda one: not isinstance(bank.where[one][1], Generated))
