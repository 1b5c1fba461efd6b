"""A session with flashcards, without any interface: what is asked next, and what becomes of an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from grader.study.cards import Card
from grader.study.journal import Journal, Review
from grader.study.memory import Memory, day_of, is_due, replay, unseen_forwards

NEW_A_DAY = 20


@dataclass(frozen=True)
class Asked:
    """A card to show: why it is back, and whether its text has changed since it was last seen."""

    card: Card
    because: str = ""
    changed: bool = False
    new: bool = False


class FlashcardSession:
    """Cards in the order in which they should come; every answer is kept at once."""

    def __init__(
        self,
        journal: Journal,
        cards: Mapping[str, Card],
        *,
        exam: date | None = None,
        cram: bool = False,
        new_a_day: int = NEW_A_DAY,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """With `cram`, every card is asked whether it is due or not; `cards` are those of the chosen topic."""
        self._journal = journal
        self._cards = cards
        self._exam = exam
        self._cram = cram
        self._new_a_day = new_a_day
        self._clock = clock
        self._skipped: set[str] = set()
        self._done: list[Review] = []
        self._practised: set[str] = set()
        self._asked_at = clock()

    @property
    def answered(self) -> int:
        """How many answers of this session stand."""
        return len(self._done)

    def next(self) -> Asked | None:
        """The card to ask now; None where nothing is left for today."""
        now = self._now()
        forwards = self._journal.events("forward")
        memories = replay(self._journal.reviews(), forwards, self._days_left(now))
        key = self._choose(memories, unseen_forwards(forwards, memories), now)
        if key is None:
            return None
        self._asked_at = self._clock()
        memory = memories.get(key)
        because = memory.because if memory is not None else unseen_forwards(forwards, memories).get(key, "")
        return Asked(self._cards[key], because, self._has_changed(key), memory is None)

    def counts(self) -> tuple[int, int]:
        """How many cards are due, and how many new ones may come today."""
        now = self._now()
        memories = replay(self._journal.reviews(), self._journal.events("forward"), self._days_left(now))
        forward = unseen_forwards(self._journal.events("forward"), memories)
        due = sum(key in forward or (key in memories and is_due(memories[key], now)) for key in self._cards)
        unseen = sum(key not in memories and key not in forward for key in self._cards)
        return due, min(unseen, self._new_left(memories, now))

    def answer(self, key: str, rating: int) -> Review:
        """Keep the rating of a card: 1 again, 2 hard, 3 good, 4 easy."""
        now = self._clock()
        review = self._journal.add_review(
            key,
            rating,
            now_ms=int(now * 1000),
            duration_ms=min(int((now - self._asked_at) * 1000), 600_000),
            content_hash=self._cards[key].content_hash,
        )
        self._done.append(review)
        if rating > 1:
            self._practised.add(key)
        return review

    def undo(self) -> str | None:
        """Take the last answer of this session back; the id of its card."""
        if not self._done:
            return None
        review = self._done.pop()
        self._journal.add_event("undo", review.card_key, review.id, now_ms=int(self._clock() * 1000))
        self._practised.discard(review.card_key)
        return review.card_key

    def skip(self, key: str) -> None:
        """Leave a card for another session."""
        self._skipped.add(key)

    def _choose(self, memories: Mapping[str, Memory], unseen: Mapping[str, str], now: datetime) -> str | None:
        """What failed in an exercise first, then what is due, longest first, then what is new."""
        open_keys = [key for key in self._cards if key not in self._skipped]
        if self._cram:
            left = [key for key in open_keys if key not in self._practised]
            return min(left, key=lambda key: memories[key].last.timestamp() if key in memories else 0.0, default=None)
        due = [memories[key] for key in open_keys if key in memories and is_due(memories[key], now)]
        forward = [memory.key for memory in due if memory.because] + [key for key in open_keys if key in unseen]
        if forward:
            return forward[0]
        ready = [memory for memory in due if not memory.learning or memory.due <= now]
        if ready:
            return min(ready, key=lambda memory: (memory.due, memory.key)).key
        if self._new_left(memories, now) > 0:
            fresh = next((key for key in open_keys if key not in memories), None)
            if fresh is not None:
                return fresh
        return min(due, key=lambda memory: memory.due).key if due else None

    def _new_left(self, memories: Mapping[str, Memory], now: datetime) -> int:
        first: dict[str, int] = {}
        for review in self._journal.reviews():
            if review.source == "card":
                first.setdefault(review.card_key, review.ts_ms)
        today = sum(day_of(datetime.fromtimestamp(ts / 1000, UTC)) == day_of(now) for ts in first.values())
        return max(0, self._new_a_day - today)

    def _has_changed(self, key: str) -> bool:
        """Whether the text is another one than at the last answer."""
        reviews = self._journal.reviews(key)
        return bool(reviews) and reviews[-1].content_hash not in ("", self._cards[key].content_hash)

    def _days_left(self, now: datetime) -> int | None:
        return None if self._exam is None else max(0, (self._exam - day_of(now)).days)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)
