"""When a card comes again: FSRS-6, replayed from all answers.

Scheduler and parameters are those of py-fsrs, untrained. Before an exam each card comes once more, on one of the last
days. A card that an exercise brought forward is due at once. Neither changes the state of a memory.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial

from fsrs import Card as MemoryCard
from fsrs import Rating, Scheduler, State

from grader.study.cards import Card
from grader.study.record_entry import AGAIN, Event, Review

QUIZ_PREFIX = "quiz:"  # of a question's key: the record holds cards and questions
RETENTION = 0.9
LONGEST_DAYS = 36_500  # py-fsrs' own default
CALENDAR_END = datetime(9999, 12, 30, tzinfo=UTC)  # in every time zone before the last day that Python knows
LEECH_LAPSES = 8
SURE_DAYS = 6  # a wrong answer that was sure returns, unless it is asked again within a week (Butler et al. 2011)
LEARN_AHEAD = timedelta(minutes=20)
LAST_DAYS = 5  # before an exam each card comes on one of these days, not all of them on the last


@dataclass(frozen=True)
class Memory:
    """The state of a card in the learner's memory. `because` says why it was brought forward; `due` is in UTC."""

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
        """True if the card was forgotten so often that it may be a bad card."""
        return self.lapses >= LEECH_LAPSES


def is_question(key: str) -> bool:
    """Return True for the key of a question, False for a card."""
    return key.startswith(QUIZ_PREFIX)


@cache
def scheduler(of_question: bool = False, longest_days: int = LONGEST_DAYS) -> Scheduler:
    """Return the scheduler. A question never comes again on the same day: its explanation is still fresh."""
    chosen = partial(
        Scheduler, desired_retention=RETENTION, maximum_interval=longest_days, enable_fuzzing=False
    )  # fmt: skip
    return chosen(learning_steps=(), relearning_steps=()) if of_question else chosen()


def reviewed(card: MemoryCard, review: Review) -> MemoryCard:
    """Return a card's state after one more answer."""
    moment = at(review.ts_ms)
    model = scheduler(is_question(review.card_key), min(LONGEST_DAYS, (CALENDAR_END - moment).days))
    after, _ = model.review_card(card, Rating(review.rating), moment)
    return after


def card_id(key: str) -> int:
    """Return 56 bits of the key's hash. Without an id, py-fsrs would sleep and use the clock."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


def at(ts_ms: int) -> datetime:
    """Return an instant of the record."""
    return datetime.fromtimestamp(ts_ms / 1000, UTC)


def with_earlier_text(reviews: Sequence[Review], cards: Mapping[str, Card]) -> list[Review]:
    """Return the answers, and for each card that was split off another one the answers to the card as it was.

    These are the answers to an earlier text of the other card, until the part was answered itself.
    """
    found = list(reviews)
    for key, card in cards.items():
        whole = cards.get(card.split)
        if whole is None:
            continue
        first = next((one.ts_ms for one in reviews if one.card_key == key), None)
        found += [
            replace(one, card_key=key)
            for one in reviews
            if one.card_key == whole.id
            and one.content_hash not in ("", whole.content_hash)
            and (first is None or one.ts_ms < first)
        ]
    return sorted(found, key=lambda one: (one.ts_ms, one.id))


def replay(reviews: Iterable[Review], forwards: Iterable[Event] = (), exam: date | None = None) -> dict[str, Memory]:
    """Return the state of every card that was answered. `reviews` are all answers, oldest first."""
    grouped: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        grouped[review.card_key].append(review)
    memories = {key: _replayed(key, answers) for key, answers in grouped.items()}
    if exam is not None:
        memories = {key: _before(exam, memory) for key, memory in memories.items()}
    for event in forwards:
        memory = memories.get(event.card_key)
        if memory is not None and at(event.ts_ms) >= memory.last:
            memories[event.card_key] = replace(memory, due=min(memory.due, at(event.ts_ms)), because=event.detail)
    return memories


def _before(exam: date, memory: Memory) -> Memory:
    """Return the memory, due at the latest on one of the last days: a weak one on the last day, a strong one earlier.

    A card comes once in these days. The hash of its key chooses the day, so that the cards spread over all of them.
    """
    last_days = max(1, min(LAST_DAYS, int(memory.stability / LAST_DAYS)))
    if memory.learning or (exam - day_of(memory.last)).days <= last_days:
        return memory
    day = exam - timedelta(days=1 + card_id(memory.key) % last_days)
    return replace(memory, due=min(memory.due, datetime.combine(day, time()).astimezone(UTC)))


def _replayed(key: str, answers: Sequence[Review]) -> Memory:
    card = MemoryCard(card_id=card_id(key), due=at(answers[0].ts_ms))
    lapses = 0
    for review in answers:
        lapses += review.rating == AGAIN and card.state is State.Review
        card = reviewed(card, review)
    last = answers[-1]
    due = card.due
    errors = [at(one.ts_ms) for one in answers if one.confidence == "sure" and not one.right]
    if errors and at(last.ts_ms) - errors[-1] < timedelta(days=1):  # a right answer on the same day does not count yet
        due = min(due, errors[-1] + timedelta(days=SURE_DAYS))
    return Memory(
        key=key,
        due=due,
        reviews=len(answers),
        lapses=lapses,
        stability=card.stability or 0.0,
        learning=card.state is not State.Review,
        last=at(last.ts_ms),
        card=card,
    )


def after_answer(key: str, memory: Memory | None, rating: int, now_ms: int) -> timedelta:
    """Return the time until a card comes again if it gets this rating now. An exam is left out."""
    answer = Review("", key, now_ms, rating, 0, "card", "", None, "", "", "")
    card = memory.card if memory is not None else None
    after = reviewed(card if card is not None else MemoryCard(card_id=card_id(key), due=at(now_ms)), answer)
    return after.due - at(now_ms)


def day_of(instant: datetime) -> date:
    """Return the local day of an instant."""
    return instant.astimezone().date()


def is_due(memory: Memory, now: datetime) -> bool:
    """Return True if a card is due today, by local day. A card that is being learnt is due after some minutes."""
    if memory.learning:
        return memory.due <= now + LEARN_AHEAD
    return memory.due <= now or day_of(memory.due) <= day_of(now)


def recall(memory: Memory, now: datetime) -> float:
    """Return the probability that the card is remembered now, by the model."""
    return float(scheduler().get_card_retrievability(memory.card, now)) if memory.card is not None else 0.0


def unseen_forwards(forwards: Iterable[Event], memories: Mapping[str, Memory]) -> dict[str, str]:
    """Return the cards that were brought forward before they were ever seen, and why."""
    return {event.card_key: event.detail for event in forwards if event.card_key not in memories}
