"""Exercises, cards and questions side by side, and what to do next."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.cards import read_decks
from grader.study.learning_record import LearningRecord
from grader.study.misconception_texts import belief_texts
from grader.study.question_bank import QuestionBank
from grader.study.quiz_session import misconception_counts
from grader.study.schedule import QUIZ_PREFIX, is_due, replay, unseen_forwards

BELIEFS_SHOWN = 3


@dataclass(frozen=True)
class ExerciseProgress:
    """One exercise: the last score, the cards that were ever seen, how many are due, and the questions' answers."""

    exercise: str
    earned: float | None
    possible: float | None
    cards: int
    cards_seen: int
    due: int
    right: int
    asked: int


@dataclass(frozen=True)
class Belief:
    """A misconception that was behind wrong answers, what it states, and how often."""

    id: str
    text: str
    count: int


@dataclass(frozen=True)
class Overview:
    """All rows, the most frequent misconceptions, and one sentence with a command."""

    rows: tuple[ExerciseProgress, ...]
    beliefs: tuple[Belief, ...]
    next_thing: str


def overview_of(record: LearningRecord, root: Path, now: datetime) -> Overview:
    """How far this learner is in the course at `root`. Raises CourseError where that is no course."""
    keys = [folder.name for folder in sorted((root / "exercises").glob("[0-9][0-9]_*"))]
    if not keys:
        raise CourseError([Fault(root, 1, "is not a course: expected folders such as `exercises/01_name` below it")])
    cards, bank = read_decks(root), QuestionBank(root)
    reviews, forwards = record.reviews(), record.events("forward")
    memories = replay(reviews, forwards)
    due = {key for key, memory in memories.items() if is_due(memory, now)} | unseen_forwards(forwards, memories).keys()
    scores = {event.card_key: json.loads(event.detail) for event in record.events("graded")}
    asked_in = {QUIZ_PREFIX + name: key for name, (key, _) in bank.where.items()}
    rows = []
    for key in keys:
        own = {card.id for card in cards.values() if card.exercise == key}
        rows.append(
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
    return Overview(tuple(rows), _beliefs(record, bank, root), _next(rows, len(due & asked_in.keys())))


def _beliefs(record: LearningRecord, bank: QuestionBank, root: Path) -> tuple[Belief, ...]:
    """The most frequent ones."""
    counts = misconception_counts(record).most_common(BELIEFS_SHOWN)
    texts = belief_texts([name for name, _ in counts], bank.beliefs, root)
    return tuple(Belief(name, texts.get(name, ""), count) for name, count in counts)


def _next(rows: list[ExerciseProgress], questions: int) -> str:
    """What is due first, cards before questions, then the first exercise that is open, then new cards."""
    due = sum(row.due for row in rows)
    if due:
        return f"{due} {'card is' if due == 1 else 'cards are'} due: grade flashcards"
    if questions:
        return f"{questions} {'question is' if questions == 1 else 'questions are'} due: grade quiz"
    for row in rows:
        number = int(row.exercise[:2])
        if row.earned is None:
            return f"read the lesson and begin exercise {number}: grade lesson {number}, then grade start {number}"
        if row.possible is not None and row.earned < row.possible:
            return f"exercise {number} has points left: grade exercise {number}"
    if any(row.cards_seen < row.cards for row in rows):
        return "some cards are new: grade flashcards"
    return "everything is done for today. For practice: grade quiz"
