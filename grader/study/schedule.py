"""What a memory is believed to hold: FSRS-6, replayed from the answers.

Scheduler and parameters are py-fsrs' own, untrained. Before an exam each card comes once more, on one of the last days;
what failed in an exercise is due at once. Neither touches the state of a memory.
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

from grader.study.record_entry import AGAIN, Event, Review

QUIZ_PREFIX = "quiz:"  # of a question's key: questions are remembered in the same log as cards
RETENTION = 0.9
LONGEST_DAYS = 36_500  # py-fsrs' own default
CALENDAR_END = datetime(9999, 12, 30, tzinfo=UTC)  # in every time zone before the last day that Python knows
LEECH_LAPSES = 8
SURE_DAYS = 6  # sure but wrong: asked again within the week, or the wrong answer comes back
LEARN_AHEAD = timedelta(minutes=20)
LAST_DAYS = 5  # before an exam each card comes on one of these, not all of them on its eve


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


def is_question(key: str) -> bool:
    """Whether a key is a question's and not a card's."""
    return key.startswith(QUIZ_PREFIX)


@cache
def scheduler(of_question: bool = False, longest_days: int = LONGEST_DAYS) -> Scheduler:
    """FSRS as it is used here; a question never comes again on the same day: its explanation is still at hand."""
    chosen = partial(
        Scheduler, desired_retention=RETENTION, maximum_interval=longest_days, enable_fuzzing=False
    )  # fmt: skip
    return chosen(learning_steps=(), relearning_steps=()) if of_question else chosen()


def reviewed(card: MemoryCard, review: Review) -> MemoryCard:
    """A card's state after one more answer."""
    moment = at(review.ts_ms)
    model = scheduler(is_question(review.card_key), min(LONGEST_DAYS, (CALENDAR_END - moment).days))
    after, _ = model.review_card(card, Rating(review.rating), moment)
    return after


def card_id(key: str) -> int:
    """56 bits of the key's hash: py-fsrs would otherwise sleep and take the clock."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


def at(ts_ms: int) -> datetime:
    """An instant of the log."""
    return datetime.fromtimestamp(ts_ms / 1000, UTC)


def replay(reviews: Iterable[Review], forwards: Iterable[Event] = (), exam: date | None = None) -> dict[str, Memory]:
    """The state of every card that was ever answered, from all answers, oldest first."""
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
    """The memory, due at the latest on its own one of the last days: a weak one on the eve, a strong one earlier.

    Not twice in these days, and not all on one: the hash of the key says which.
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
    if errors and at(last.ts_ms) - errors[-1] < timedelta(days=1):  # put right a moment ago is not yet put right
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
