"""A session with flashcards, without an interface: which card comes next, and what an answer changes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Self

from grader.study.cards import Card
from grader.study.clock import Clock, seconds_now
from grader.study.drawn_card import drawn_card
from grader.study.graded_exercise import forwards_of
from grader.study.learning_record import LearningRecord
from grader.study.record_entry import AGAIN, EASY, Review
from grader.study.schedule import (
    Memory,
    after_answer,
    at,
    day_of,
    is_due,
    replay,
    unseen_forwards,
    with_earlier_text,
)

NEW_A_DAY = 7
LIMIT = 20  # cards of a session


@dataclass(frozen=True)
class Asked:
    """A card to show, why it comes first, and whether its text has changed since it was last seen."""

    card: Card
    because: str = ""
    changed: bool = False
    new: bool = False
    lapses: int = 0
    leech: bool = False


def exam_ahead(record: LearningRecord, today: date) -> date | None:
    """Return the day of the exam that was set last, None if it has passed or was removed."""
    named = [event.detail for event in record.events("exam")]
    day = date.fromisoformat(named[-1]) if named and named[-1] else None
    return day if day is not None and day >= today else None


class Turn(IntEnum):
    """The groups of cards, in the order in which they come."""

    FORWARD = 0  # an exercise brought it forward
    FORWARD_NEW = 1  # the same, but the card was never seen
    DUE = 2
    NEW = 3
    LEARNING = 4  # the minutes of a card that is being learnt have not quite passed


Priority = tuple[Turn, float, int]  # the group, the time in it, and the place in the decks


def priority_of(
    memory: Memory | None, now: datetime, place: int, *, brought_forward: bool, new_allowed: bool
) -> Priority | None:
    """Return the priority of a card; the smallest comes first. Return None if the card may not come now.

    A card without a memory was never seen. `place` is its place in the decks. `brought_forward` says whether an
    exercise brought such a card forward.
    """
    if memory is None:
        if brought_forward:
            return Turn.FORWARD_NEW, 0.0, place
        return (Turn.NEW, 0.0, place) if new_allowed else None
    if not is_due(memory, now):
        return None
    if memory.because:
        return Turn.FORWARD, 0.0, place
    turn = Turn.LEARNING if memory.learning and memory.due > now else Turn.DUE
    return turn, memory.due.timestamp(), place if turn is Turn.LEARNING else 0


def cram_priority(memory: Memory | None, place: int) -> Priority:
    """Return the priority of a card that is asked whether it is due or not: the one seen longest ago comes first."""
    return Turn.DUE, memory.last.timestamp() if memory is not None else 0.0, place


class FlashcardSession:
    """A session. Each answer is saved at once."""

    def __init__(
        self,
        record: LearningRecord,
        cards: Mapping[str, Card],
        *,
        exam: date | None = None,
        cram: bool = False,
        new_a_day: int = NEW_A_DAY,
        limit: int | None = None,
        clock: Clock = seconds_now,
        root: Path | None = None,
    ) -> None:
        """Start a session with these cards. With `cram`, ask all of them, whether they are due or not.

        After `limit` different cards no other card comes; those that are being learnt come until they are known.
        `root` is the course whose functions draw the generated cards.
        """
        self._record = record
        self._cards = cards
        self._exam = exam
        self._cram = cram
        self._new_a_day = new_a_day
        self._limit = limit
        self._asked: set[str] = set()
        self._clock = clock
        self._root = root
        self._skipped: set[str] = set()
        self._done: list[Review] = []
        self._practised: set[str] = set()
        self._undone = ""
        self._asked_at = self._began = clock()
        self._known: tuple[tuple[int, int], _Snapshot] | None = None

    @property
    def answered(self) -> int:
        """The number of answers in this session, without those that were undone."""
        return len(self._done)

    @property
    def right(self) -> int:
        """The number of these answers that were remembered."""
        return sum(one.right for one in self._done)

    @property
    def minutes(self) -> int:
        """The minutes since the session began, at least 1."""
        return max(1, round((self._clock() - self._began) / 60))

    def next_due(self) -> timedelta | None:
        """Return the time until the next card that was answered is due, None if none was."""
        dues = [memory.due for key, memory in self._snapshot().memories.items() if key in self._cards]
        return max(timedelta(), min(dues) - self._now()) if dues else None

    def next(self) -> Asked | None:
        """Return the card to ask now, None if nothing is left for today."""
        snapshot = self._snapshot()
        key = self._choose(snapshot, self._now())
        if key is None:
            return None
        self._asked.add(key)
        self._asked_at = self._clock()
        card, memory = self._cards[key], snapshot.memories.get(key)
        changed = snapshot.last_hash.get(key, "") not in ("", card.content_hash)
        if self._root is not None:
            card = drawn_card(card, self._root, memory.reviews if memory is not None else 0)
        if memory is None:
            return Asked(card, snapshot.unseen.get(key, ""), new=True)
        return Asked(card, memory.because, changed, lapses=memory.lapses, leech=memory.leech)

    def counts(self) -> tuple[int, int]:
        """Return how many cards are due, and how many new ones may come today."""
        now, snapshot = self._now(), self._snapshot()
        memories, unseen = snapshot.memories, snapshot.unseen
        due = sum(key in unseen or (key in memories and is_due(memories[key], now)) for key in self._cards)
        new = sum(key not in memories and key not in unseen for key in self._cards)
        return due, min(new, self._new_left(snapshot, now))

    def left(self) -> int:
        """Return how many cards are left in this session."""
        if self._cram:
            return len(self._cards.keys() - self._skipped - self._practised)
        waiting = sum(self.counts())
        return waiting if self._limit is None else min(waiting, self._open() + self._limit - len(self._asked))

    def _open(self) -> int:
        """Return how many cards of this session come again: they are still being learnt."""
        memories, now = self._snapshot().memories, self._now()
        return sum(key in memories and is_due(memories[key], now) for key in self._asked - self._skipped)

    def answer(self, key: str, rating: int) -> timedelta:
        """Save the rating of a card: 1 again, 2 hard, 3 good, 4 easy. Return the time until it comes again."""
        moment = self._clock()
        review = self._record.add_review(
            key,
            rating,
            now_ms=int(moment * 1000),
            duration_ms=int((moment - self._asked_at) * 1000),
            content_hash=self._cards[key].content_hash,
        )
        self._done.append(review)
        self._undone = ""
        if rating > AGAIN:
            self._practised.add(key)
        memory = self._snapshot().memories[key]
        return memory.due - memory.last

    def intervals(self, key: str) -> dict[int, timedelta]:
        """Return the time until the card comes again, for each rating that it may get now."""
        now_ms = int(self._clock() * 1000)
        memory = self._snapshot().memories.get(key)
        return {rating: after_answer(key, memory, rating, now_ms) for rating in range(AGAIN, EASY + 1)}

    def undo(self) -> str | None:
        """Undo the last answer of this session. Return the id of its card, which is asked next."""
        if not self._done:
            return None
        review = self._done.pop()
        self._record.add_event("undo", review.card_key, review.id, now_ms=int(self._clock() * 1000))
        self._practised.discard(review.card_key)
        self._undone = review.card_key
        return review.card_key

    def skip(self, key: str) -> None:
        """Leave a card for another session."""
        self._skipped.add(key)
        self._undone = ""

    def _choose(self, snapshot: _Snapshot, now: datetime) -> str | None:
        """Return the card with the first priority, None if no card may come now."""
        if self._undone:
            return self._undone
        new_allowed = self._new_left(snapshot, now) > 0
        found: list[tuple[Priority, str]] = []
        for place, key in enumerate(self._cards):
            if key in self._skipped or (self._cram and key in self._practised):
                continue
            if self._limit is not None and len(self._asked) >= self._limit and key not in self._asked:
                continue
            memory = snapshot.memories.get(key)
            if self._cram:
                found.append((cram_priority(memory, place), key))
            else:
                forward = key in snapshot.unseen
                priority = priority_of(memory, now, place, brought_forward=forward, new_allowed=new_allowed)
                if priority is not None:
                    found.append((priority, key))
        return min(found)[1] if found else None  # equal priorities: in the order of the ids

    def _new_left(self, snapshot: _Snapshot, now: datetime) -> int:
        """Return how many new cards may come today. Before an exam, this is enough to see all of them in time."""
        today = sum(day_of(first) == day_of(now) for first in snapshot.first_seen.values())
        allowed = self._new_a_day
        if self._exam is not None:
            unseen = today + sum(key not in snapshot.memories for key in self._cards)
            allowed = max(allowed, math.ceil(unseen / max(1, (self._exam - day_of(now)).days)))
        return max(0, allowed - today)

    def _snapshot(self) -> _Snapshot:
        """Return the record's view of the cards. Read it again only after this or another session added something."""
        stamp = self._record.stamp()
        if self._known is None or self._known[0] != stamp:
            self._known = stamp, _Snapshot.of(self._record, self._exam, self._cards)
        return self._known[1]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


@dataclass(frozen=True)
class _Snapshot:
    """The record's view of the cards: memories, new cards that were brought forward, times of the first answers."""

    memories: Mapping[str, Memory]
    unseen: Mapping[str, str]
    first_seen: Mapping[str, datetime]
    last_hash: Mapping[str, str]

    @classmethod
    def of(cls, record: LearningRecord, exam: date | None, cards: Mapping[str, Card]) -> Self:
        answers, forwards = record.reviews(), forwards_of(record)
        reviews = with_earlier_text(answers, cards)
        memories = replay(reviews, forwards, exam)
        return cls(
            memories,
            unseen_forwards(forwards, memories),
            {one.card_key: at(one.ts_ms) for one in reversed(answers) if one.source == "card"},
            {one.card_key: one.content_hash for one in reviews},
        )
