"""A session with flashcards, without any interface: what is asked next, and what becomes of an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from grader.study.cards import Card
from grader.study.clock import Clock, seconds_now
from grader.study.learning_record import LearningRecord
from grader.study.record_entry import AGAIN, Review
from grader.study.schedule import Memory, at, day_of, is_due, replay, unseen_forwards

NEW_A_DAY = 20


@dataclass(frozen=True)
class Asked:
    """A card to show: why it is back, and whether its text has changed since it was last seen."""

    card: Card
    because: str = ""
    changed: bool = False
    new: bool = False
    lapses: int = 0
    leech: bool = False


def exam_ahead(record: LearningRecord, today: date) -> date | None:
    """The day of the exam that was named last, unless it has passed or was taken back."""
    named = [event.detail for event in record.events("exam")]
    day = date.fromisoformat(named[-1]) if named and named[-1] else None
    return day if day is not None and day >= today else None


class FlashcardSession:
    """Cards in the order in which they should come; every answer is kept at once."""

    def __init__(
        self,
        record: LearningRecord,
        cards: Mapping[str, Card],
        *,
        exam: date | None = None,
        cram: bool = False,
        new_a_day: int = NEW_A_DAY,
        clock: Clock = seconds_now,
    ) -> None:
        """With `cram`, every card is asked whether it is due or not; `cards` are those of the chosen topic."""
        self._record = record
        self._cards = cards
        self._exam = exam
        self._cram = cram
        self._new_a_day = new_a_day
        self._clock = clock
        self._skipped: set[str] = set()
        self._done: list[Review] = []
        self._practised: set[str] = set()
        self._taken_back = ""
        self._asked_at = clock()
        self._known: tuple[tuple[int, int], _Snapshot] | None = None

    @property
    def answered(self) -> int:
        """How many answers of this session stand."""
        return len(self._done)

    def next(self) -> Asked | None:
        """The card to ask now; None where nothing is left for today."""
        snapshot = self._snapshot()
        key = self._choose(snapshot, self._now())
        if key is None:
            return None
        self._asked_at = self._clock()
        card, memory = self._cards[key], snapshot.memories.get(key)
        if memory is None:
            return Asked(card, snapshot.unseen.get(key, ""), new=True)
        changed = snapshot.last_hash.get(key, "") not in ("", card.content_hash)
        return Asked(card, memory.because, changed, lapses=memory.lapses, leech=memory.leech)

    def counts(self) -> tuple[int, int]:
        """How many cards are due, and how many new ones may come today."""
        now, snapshot = self._now(), self._snapshot()
        memories, unseen = snapshot.memories, snapshot.unseen
        due = sum(key in unseen or (key in memories and is_due(memories[key], now)) for key in self._cards)
        new = sum(key not in memories and key not in unseen for key in self._cards)
        return due, min(new, self._new_left(snapshot, now))

    def left(self) -> int:
        """How many cards are still to come in this session."""
        if self._cram:
            return len(self._cards.keys() - self._skipped - self._practised)
        return sum(self.counts())

    def answer(self, key: str, rating: int) -> timedelta:
        """Keep the rating of a card, 1 again, 2 hard, 3 good, 4 easy; in what time it comes again."""
        moment = self._clock()
        review = self._record.add_review(
            key,
            rating,
            now_ms=int(moment * 1000),
            duration_ms=int((moment - self._asked_at) * 1000),
            content_hash=self._cards[key].content_hash,
        )
        self._done.append(review)
        self._taken_back = ""
        if rating > AGAIN:
            self._practised.add(key)
        memory = self._snapshot().memories[key]
        return memory.due - memory.last

    def undo(self) -> str | None:
        """Take the last answer of this session back; the id of its card, which is asked next."""
        if not self._done:
            return None
        review = self._done.pop()
        self._record.add_event("undo", review.card_key, review.id, now_ms=int(self._clock() * 1000))
        self._practised.discard(review.card_key)
        self._taken_back = review.card_key
        return review.card_key

    def skip(self, key: str) -> None:
        """Leave a card for another session."""
        self._skipped.add(key)
        self._taken_back = ""

    def _choose(self, snapshot: _Snapshot, now: datetime) -> str | None:
        """What was taken back, what failed in an exercise, what is due, longest first, and then what is new."""
        if self._taken_back:
            return self._taken_back
        memories = snapshot.memories
        open_keys = [key for key in self._cards if key not in self._skipped]
        if self._cram:
            left = [key for key in open_keys if key not in self._practised]
            return min(left, key=lambda key: memories[key].last.timestamp() if key in memories else 0.0, default=None)
        due = [memories[key] for key in open_keys if key in memories and is_due(memories[key], now)]
        forward = [memory.key for memory in due if memory.because] + [
            key for key in open_keys if key in snapshot.unseen
        ]
        if forward:
            return forward[0]
        ready = [memory for memory in due if not memory.learning or memory.due <= now]
        if ready:
            return min(ready, key=lambda memory: (memory.due, memory.key)).key
        if self._new_left(snapshot, now) > 0:
            fresh = next((key for key in open_keys if key not in memories), None)
            if fresh is not None:
                return fresh
        return min(due, key=lambda memory: memory.due).key if due else None

    def _new_left(self, snapshot: _Snapshot, now: datetime) -> int:
        """How many new cards may come today; before an exam as many as are needed to see all of them."""
        today = sum(day_of(first) == day_of(now) for first in snapshot.first_seen.values())
        allowed = self._new_a_day
        if self._exam is not None:
            unseen = today + sum(key not in snapshot.memories for key in self._cards)
            allowed = max(allowed, math.ceil(unseen / max(1, (self._exam - day_of(now)).days)))
        return max(0, allowed - today)

    def _snapshot(self) -> _Snapshot:
        """All that was kept, read again only when something was added: also by another session."""
        stamp = self._record.stamp()
        if self._known is None or self._known[0] != stamp:
            self._known = stamp, _Snapshot.of(self._record, self._exam)
        return self._known[1]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


@dataclass(frozen=True)
class _Snapshot:
    """What the record says of cards: their memories, those brought forward unseen, and when they were first seen."""

    memories: Mapping[str, Memory]
    unseen: Mapping[str, str]
    first_seen: Mapping[str, datetime]
    last_hash: Mapping[str, str]

    @classmethod
    def of(cls, record: LearningRecord, exam: date | None) -> Self:
        reviews, forwards = record.reviews(), record.events("forward")
        memories = replay(reviews, forwards, exam)
        return cls(
            memories,
            unseen_forwards(forwards, memories),
            {one.card_key: at(one.ts_ms) for one in reversed(reviews) if one.source == "card"},
            {one.card_key: one.content_hash for one in reviews},
        )
