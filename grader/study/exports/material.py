"""The cards and questions to export: those of a course, or of one topic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.study.cards import Card
    from grader.study.exports.items import Item
    from grader.study.learning_record import LearningRecord


@dataclass(frozen=True)
class Material:
    """A course with the title of the export.

    `topic_of` chooses one of the topics that it is given, exercise keys by topic, or None for all of them.
    `open_record` opens the learner's record, which knows earlier exports.
    """

    root: Path
    title: str
    topic_of: Callable[[Mapping[str, str]], str | None]
    open_record: Callable[[], LearningRecord]

    def cards(self) -> dict[str, Card]:
        """Return the cards by id. Raises CourseError."""
        from grader.study.cards import read_decks
        from grader.study.drawn_card import drawn_deck

        decks = drawn_deck(read_decks(self.root), self.root)
        topic = self.topic_of({card.topic: card.exercise for card in decks.values()})
        return {key: card for key, card in decks.items() if topic in (None, card.topic)}

    def items(self) -> list[Item]:
        """Return the questions, with some variants of each generated one. Raises CourseError."""
        from grader.study.exports.items import items_of
        from grader.study.question_bank import QuestionBank

        bank = QuestionBank(self.root)
        topic = self.topic_of({quiz.topic: key for key, quiz in bank.quizzes.items()})
        return list(items_of(bank, (topic,) if topic else ()))

    def topic_titles(self) -> dict[str, str]:
        """Return the titles of the topics. Raises CourseError."""
        from grader.study.lessons import read_lessons

        return {lesson.topic: lesson.title for lesson in read_lessons(self.root).values()}
