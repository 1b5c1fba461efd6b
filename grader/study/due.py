"""Count what is due in one place, so that every command states the same number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from grader.study.cards import Card
from grader.study.flashcard_session import exam_ahead
from grader.study.graded_exercise import forwards_of
from grader.study.learning_record import LearningRecord
from grader.study.schedule import Memory, day_of, is_due, replay, unseen_forwards, with_earlier_text


@dataclass(frozen=True)
class Due:
    """The cards and questions that are due now, and the memories of everything that was answered."""

    cards: frozenset[str]
    questions: frozenset[str]
    memories: dict[str, Memory]


def due_now(record: LearningRecord, cards: Mapping[str, Card], questions: Collection[str], now: datetime) -> Due:
    """Return what is due of these cards and questions of a course.

    A card that an exercise brought forward is due, whether it was seen before or not. Others of the record are left
    out: the course no longer has them.
    """
    forwards = forwards_of(record)
    memories = replay(with_earlier_text(record.reviews(), cards), forwards, exam_ahead(record, day_of(now)))
    due = {key for key, memory in memories.items() if is_due(memory, now)} | unseen_forwards(forwards, memories).keys()
    return Due(frozenset(due & set(cards)), frozenset(due & set(questions)), memories)
