"""How learning goes, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.study.learning_record import LearningRecord
from grader.study.schedule import at, day_of, is_question, recall, replay


@dataclass(frozen=True)
class Statistics:
    """`forecast` counts what falls due today and each day after; `spaced` are answers a day or more after another.

    `leeches` are the keys of what was forgotten again and again, and how often.
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


def statistics_of(record: LearningRecord, now: datetime, days: int) -> Statistics:
    """The statistics of everything that was answered."""
    reviews = record.reviews()
    memories = replay(reviews, record.events("forward"))
    forecast = [0] * days
    cards = [memory for memory in memories.values() if not is_question(memory.key)]
    for memory in memories.values():
        ahead = max(0, (day_of(memory.due) - day_of(now)).days)
        if ahead < days:
            forecast[ahead] += 1
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
        cards_due=sum(day_of(memory.due) <= day_of(now) for memory in cards),
        spaced=len(spaced),
        retention=sum(spaced) / len(spaced) if spaced else None,
        recall=sum(recall(one, now) for one in memories.values()) / len(memories) if memories else None,
        sure=len(sure),
        sure_right=sum(sure),
        leeches=tuple((one.key, one.lapses) for one in memories.values() if one.leech),
    )
