"""The progress of a learner: exercises, cards and questions, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.cards import read_decks
from grader.study.due import due_now
from grader.study.graded_exercise import Attempt, attempts_at
from grader.study.learning_record import LearningRecord
from grader.study.misconception_texts import misconception_texts
from grader.study.next_step import NextStep, next_step
from grader.study.question_bank import QuestionBank
from grader.study.quiz_session import misconception_counts
from grader.study.schedule import QUIZ_PREFIX

MISCONCEPTIONS_SHOWN = 3


@dataclass(frozen=True)
class ExerciseProgress:
    """One exercise: its best score and its last attempt, its cards, and the answers to its questions.

    `earned` and `possible` are those of the best attempt. Of the cards, `cards_seen` were seen and `due` are due.
    """

    exercise: str
    earned: float | None
    possible: float | None
    last: Attempt | None
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


def overview_of(record: LearningRecord, root: Path, now: datetime) -> Overview:
    """Return the progress of this learner in the course at `root`. Raises CourseError if that is not a course."""
    keys = [folder.name for folder in sorted((root / "exercises").glob("[0-9][0-9]_*"))]
    if not keys:
        raise CourseError([Fault(root, 1, "is not a course: expected folders such as `exercises/01_name` below it")])
    cards, bank = read_decks(root), QuestionBank(root)
    reviews, attempts = record.reviews(), attempts_at(record)
    asked_in = {QUIZ_PREFIX + name: key for name, (key, _) in bank.where.items()}
    due = due_now(record, cards, asked_in, now)
    exercises = []
    for key in keys:
        own = {card.id for card in cards.values() if card.exercise == key}
        tried = attempts.get(key)
        exercises.append(
            ExerciseProgress(
                exercise=key,
                earned=tried.best.earned if tried is not None else None,
                possible=tried.best.possible if tried is not None else None,
                last=tried.last if tried is not None else None,
                cards=len(own),
                cards_seen=len(own & due.memories.keys()),
                due=len(own & due.cards),
                right=sum(one.right for one in reviews if asked_in.get(one.card_key) == key),
                asked=sum(asked_in.get(one.card_key) == key for one in reviews),
            )
        )
    step = next_step(exercises, len(due.questions))
    return Overview(tuple(exercises), _misconceptions(record, bank, root), step)


def _misconceptions(record: LearningRecord, bank: QuestionBank, root: Path) -> tuple[Misunderstood, ...]:
    """Return the most frequent misconceptions."""
    counts = misconception_counts(record).most_common(MISCONCEPTIONS_SHOWN)
    texts = misconception_texts([name for name, _ in counts], bank.misconceptions, root)
    return tuple(Misunderstood(name, texts.get(name, ""), count) for name, count in counts)
