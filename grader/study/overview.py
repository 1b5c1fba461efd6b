"""The progress of a learner: exercises, cards and questions, and what to do next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.cards import read_decks
from grader.study.learning_record import LearningRecord
from grader.study.misconception_texts import misconception_texts
from grader.study.next_step import NextStep, next_step
from grader.study.question_bank import QuestionBank
from grader.study.quiz_session import misconception_counts
from grader.study.schedule import QUIZ_PREFIX, is_due, replay, unseen_forwards, with_earlier_text

MISCONCEPTIONS_SHOWN = 3


@dataclass(frozen=True)
class ExerciseProgress:
    """One exercise: the last score, the cards that were seen, how many are due, and the answers to questions."""

    exercise: str
    earned: float | None
    possible: float | None
    cards: int
    cards_seen: int
    due: int
    right: int
    asked: int


@dataclass(frozen=True)
class Misunderstood:
    """A misconception behind wrong answers: its id, its text, and how often it showed."""

    id: str
    text: str
    count: int


@dataclass(frozen=True)
class Overview:
    """All exercises, the most frequent misconceptions, and the next step."""

    exercises: tuple[ExerciseProgress, ...]
    misconceptions: tuple[Misunderstood, ...]
    step: NextStep

    @property
    def next_thing(self) -> str:
        """Return what to do next, in a sentence with a command."""
        return self.step.sentence


def overview_of(record: LearningRecord, root: Path, now: datetime) -> Overview:
    """Return the progress of this learner in the course at `root`. Raises CourseError if that is not a course."""
    keys = [folder.name for folder in sorted((root / "exercises").glob("[0-9][0-9]_*"))]
    if not keys:
        raise CourseError([Fault(root, 1, "is not a course: expected folders such as `exercises/01_name` below it")])
    cards, bank = read_decks(root), QuestionBank(root)
    reviews, forwards = record.reviews(), record.events("forward")
    memories = replay(with_earlier_text(reviews, cards), forwards)
    due = {key for key, memory in memories.items() if is_due(memory, now)} | unseen_forwards(forwards, memories).keys()
    scores = {event.card_key: json.loads(event.detail) for event in record.events("graded")}
    asked_in = {QUIZ_PREFIX + name: key for name, (key, _) in bank.where.items()}
    exercises = []
    for key in keys:
        own = {card.id for card in cards.values() if card.exercise == key}
        exercises.append(
            ExerciseProgress(
                exercise=key,
                earned=scores.get(key, {}).get("earned"),
                possible=scores.get(key, {}).get("possible"),
                cards=len(own),
                cards_seen=len(own & memories.keys()),
                due=len(own & due),
                right=sum(one.right for one in reviews if asked_in.get(one.card_key) == key),
                asked=sum(asked_in.get(one.card_key) == key for one in reviews),
            )
        )
    step = next_step(exercises, len(due & asked_in.keys()))
    return Overview(tuple(exercises), _misconceptions(record, bank, root), step)


def _misconceptions(record: LearningRecord, bank: QuestionBank, root: Path) -> tuple[Misunderstood, ...]:
    """Return the most frequent misconceptions."""
    counts = misconception_counts(record).most_common(MISCONCEPTIONS_SHOWN)
    texts = misconception_texts([name for name, _ in counts], bank.misconceptions, root)
    return tuple(Misunderstood(name, texts.get(name, ""), count) for name, count in counts)
