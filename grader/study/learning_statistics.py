"""Numbers about learning."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.study.cards import Card
from grader.study.due import due_now
from grader.study.learning_record import LearningRecord
from grader.study.schedule import at, day_of, is_question, recall


@dataclass(frozen=True)
class Statistics:
    """The numbers of one learner.

    `forecast` counts the cards and questions that are due today and on each day after. `spaced` counts answers that
    came a day or more after the one before, and `retention` is the share of right ones among them. `leeches` holds the
    keys of cards that were forgotten many times, and how many times.
    """

    reviews: int
    days: int
    cards: int
    questions: int
    forecast: tuple[int, ...]
    cards_due: int
    spaced: int
    retention: float | None
    recall: float | None
    sure: int
    sure_right: int
    leeches: tuple[tuple[str, int], ...]


def statistics_of(
    record: LearningRecord, now: datetime, days: int, cards_of_course: Mapping[str, Card], questions: Collection[str]
) -> Statistics:
    """Return the numbers of all answers. Only these cards and questions of a course can be due."""
    reviews = record.reviews()
    due = due_now(record, cards_of_course, questions, now)
    memories = due.memories
    forecast = [0] * days
    cards = [memory for memory in memories.values() if not is_question(memory.key)]
    for key, memory in memories.items():
        ahead = max(0, (day_of(memory.due) - day_of(now)).days)
        if ahead < days and key not in due.cards and (key in cards_of_course or key in questions):
            forecast[ahead] += key not in due.questions
    forecast[0] = len(due.cards) + len(due.questions)
    spaced: list[bool] = []
    last: dict[str, datetime] = {}
    for review in reviews:
        moment, before = at(review.ts_ms), last.get(review.card_key)
        if before is not None and moment - before >= timedelta(days=1):
            spaced.append(review.right)
        last[review.card_key] = moment
    sure = [review.right for review in reviews if review.confidence == "sure"]
    return Statistics(
        reviews=len(reviews),
        days=len({day_of(at(review.ts_ms)) for review in reviews}),
        cards=len(cards),
        questions=len(memories) - len(cards),
        forecast=tuple(forecast),
        cards_due=len(due.cards),
        spaced=len(spaced),
        retention=sum(spaced) / len(spaced) if spaced else None,
        recall=sum(recall(one, now) for one in memories.values()) / len(memories) if memories else None,
        sure=len(sure),
        sure_right=sum(sure),
        leeches=tuple((one.key, one.lapses) for one in memories.values() if one.leech),
    )
