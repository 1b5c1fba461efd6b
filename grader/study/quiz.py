"""A session with questions, without any interface."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.study.journal import Journal
from grader.study.memory import Memory, is_due, replay
from grader.study.questions import Asking, Judged, QuestionBank, judge

COUNT = 10
PREFIX = "quiz:"
AGAIN, HARD, GOOD = 1, 2, 3


@dataclass(frozen=True)
class TopicScore:
    """How many questions of a topic were answered rightly."""

    topic: str
    right: int
    asked: int


class QuizSession:
    """Due questions first, then new ones, topics mixed; each in a variant that was not seen before."""

    def __init__(
        self,
        journal: Journal,
        bank: QuestionBank,
        *,
        topics: Sequence[str] = (),
        count: int = COUNT,
        seed: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """With `seed` the questions and their variants are the same each time, whatever was answered before."""
        self._journal = journal
        self._bank = bank
        self._clock = clock
        self._seed = seed
        self._results: dict[str, list[bool]] = defaultdict(list)
        self.plan = self._planned([one for one in bank.where if not topics or bank.topic_of(one) in topics], count)
        self._asked_at = clock()

    def ask(self, question_id: str) -> Asking:
        """The question, in its next variant."""
        self._asked_at = self._clock()
        return self._bank.ask(question_id, self._variant(question_id))

    def answer(self, asking: Asking, typed: str, confidence: str) -> Judged:
        """Judge, and keep. Raises UnreadableError, and keeps nothing then."""
        judged = judge(asking, typed)
        now = self._clock()
        rating = (HARD if confidence == "unsure" else GOOD) if judged.right else AGAIN
        self._journal.add_review(
            PREFIX + asking.question.id, rating, now_ms=int(now * 1000),
            duration_ms=min(int((now - self._asked_at) * 1000), 600_000), source="quiz", confidence=confidence,
            variant_seed=asking.variant, answer=typed.strip()[:200],
        )  # fmt: skip
        if judged.misconceptions:
            key = PREFIX + asking.question.id
            self._journal.add_events([("misconception", key, name) for name in judged.misconceptions], int(now * 1000))
        self._results[asking.topic].append(judged.right)
        return judged

    def scores(self) -> tuple[TopicScore, ...]:
        """By topic, in the order in which they came."""
        return tuple(TopicScore(topic, sum(rights), len(rights)) for topic, rights in self._results.items())

    def _planned(self, ids: Sequence[str], count: int) -> list[str]:
        if self._seed is not None:
            chance = random.Random(self._seed)
            return self._mixed(chance.sample(ids, len(ids)))[:count]
        now = datetime.fromtimestamp(self._clock(), UTC)
        memories = replay(self._journal.reviews(), self._journal.events("forward"))
        due = [
            memories[PREFIX + one] for one in ids if PREFIX + one in memories and is_due(memories[PREFIX + one], now)
        ]
        first = [one.key.removeprefix(PREFIX) for one in sorted(due, key=_urgency)]
        fresh = [one for one in ids if PREFIX + one not in memories]
        later = sorted(
            (one for one in ids if one not in first and one not in fresh), key=lambda one: memories[PREFIX + one].due
        )
        return (first + self._mixed(fresh) + later)[:count]

    def _mixed(self, ids: Sequence[str]) -> list[str]:
        """One of each topic in turn: kinds that are confused are learnt best side by side."""
        by_topic: dict[str, list[str]] = defaultdict(list)
        for one in ids:
            by_topic[self._bank.topic_of(one)].append(one)
        mixed: list[str] = []
        while any(by_topic.values()):
            mixed += [waiting.pop(0) for waiting in by_topic.values() if waiting]
        return mixed

    def _variant(self, question_id: str) -> int:
        if self._seed is not None:
            return self._seed
        seen = [one.variant_seed or 0 for one in self._journal.reviews(PREFIX + question_id)]
        return max(seen, default=-1) + 1


def _urgency(memory: Memory) -> tuple[bool, datetime, str]:
    return not memory.because, memory.due, memory.key


def misconception_counts(journal: Journal) -> Counter[str]:
    """How often each misconception was behind an answer, in exercises and questions together."""
    return Counter(event.detail for event in journal.events("misconception"))
