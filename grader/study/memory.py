"""What a memory is believed to hold: FSRS-6, replayed from the answers.

Scheduler and parameters are py-fsrs' own, untrained. An exam shortens every interval so that each card comes once more
before it; what failed in an exercise is due at once, with its memory state untouched.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from fsrs import Card as MemoryCard
from fsrs import Rating, Scheduler, State

from grader.study.journal import Event, Review

RETENTION = 0.9
LEECH_LAPSES = 8
SURE_DAYS = 6  # sure but wrong: asked again within the week, or the wrong answer comes back
LEARN_AHEAD = timedelta(minutes=20)


@dataclass(frozen=True)
class Memory:
    """One card's state. `because` says why it was brought forward; `due` is in UTC."""

    key: str
    due: datetime
    reviews: int
    lapses: int
    stability: float
    learning: bool
    last: datetime
    because: str = ""
    card: MemoryCard | None = None

    @property
    def leech(self) -> bool:
        """Forgotten so often that the card itself may be at fault."""
        return self.lapses >= LEECH_LAPSES


def scheduler(days_to_exam: int | None = None) -> Scheduler:
    """The scheduler of a day; with an exam ahead no interval goes beyond its eve."""
    longest = 36500 if days_to_exam is None else max(1, days_to_exam - 1)
    return Scheduler(desired_retention=RETENTION, maximum_interval=longest, enable_fuzzing=False)


def card_id(key: str) -> int:
    """56 bits of the key's hash: py-fsrs would otherwise sleep and take the clock."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


def at(ts_ms: int) -> datetime:
    """An instant of the log."""
    return datetime.fromtimestamp(ts_ms / 1000, UTC)


def replay(
    reviews: Iterable[Review], forwards: Iterable[Event] = (), days_to_exam: int | None = None
) -> dict[str, Memory]:
    """The state of every card that was ever answered, from all answers, oldest first."""
    plan = scheduler(days_to_exam)
    grouped: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        grouped[review.card_key].append(review)
    memories = {key: _replayed(key, answers, plan) for key, answers in grouped.items()}
    for event in forwards:
        memory = memories.get(event.card_key)
        if memory is not None and at(event.ts_ms) >= memory.last:
            memories[event.card_key] = replace(memory, due=min(memory.due, at(event.ts_ms)), because=event.detail)
    return memories


def _replayed(key: str, answers: Sequence[Review], plan: Scheduler) -> Memory:
    card = MemoryCard(card_id=card_id(key), due=at(answers[0].ts_ms))
    lapses = 0
    for review in answers:
        lapses += review.rating == 1 and card.state is State.Review
        card, _ = plan.review_card(card, Rating(review.rating), at(review.ts_ms))
    last = answers[-1]
    due = card.due
    if last.confidence == "sure" and last.rating == 1:
        due = min(due, at(last.ts_ms) + timedelta(days=SURE_DAYS))
    return Memory(
        key, due, len(answers), lapses, card.stability or 0.0, card.state is not State.Review, at(last.ts_ms), card=card
    )


def day_of(instant: datetime) -> date:
    """The local day of an instant."""
    return instant.astimezone().date()


def is_due(memory: Memory, now: datetime) -> bool:
    """Due today by local day; a card that is being learnt, when its minutes have passed or nearly."""
    if memory.learning:
        return memory.due <= now + LEARN_AHEAD
    return memory.due <= now or day_of(memory.due) <= day_of(now)


def recall(memory: Memory, now: datetime) -> float:
    """The probability that it is remembered now, by the model."""
    return float(scheduler().get_card_retrievability(memory.card, now)) if memory.card is not None else 0.0


def unseen_forwards(forwards: Iterable[Event], memories: Mapping[str, Memory]) -> dict[str, str]:
    """Cards that were brought forward before they were ever seen, and why."""
    return {event.card_key: event.detail for event in forwards if event.card_key not in memories}
