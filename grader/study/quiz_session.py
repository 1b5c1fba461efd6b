"""A session with questions, without an interface."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from grader.study.clock import Clock, seconds_now
from grader.study.graded_exercise import last_failures, why_back
from grader.study.judging import Judged, judge
from grader.study.learning_record import LearningRecord
from grader.study.question_bank import Asking, QuestionBank
from grader.study.questions import Generated
from grader.study.record_entry import AGAIN, GOOD, HARD
from grader.study.schedule import QUIZ_PREFIX, Memory, is_due, is_question, replay

COUNT = 10
REMEMBERED = 3  # a learner may still know the numbers of this many variants


@dataclass(frozen=True)
class TopicScore:
    """The number of correct answers to questions of a topic."""

    topic: str
    right: int
    asked: int


class QuizSession:
    """A session. Questions about failures in exercises come first, then due ones, then new ones, with mixed topics."""

    def __init__(
        self,
        record: LearningRecord,
        bank: QuestionBank,
        *,
        topics: Sequence[str] = (),
        count: int = COUNT,
        seed: int | None = None,
        clock: Clock = seconds_now,
    ) -> None:
        """Plan a session. With `seed`, questions and variants do not depend on earlier answers."""
        self._record = record
        self._bank = bank
        self._clock = clock
        self._seed = seed
        self._results: dict[str, list[bool]] = defaultdict(list)
        self._because: dict[str, str] = {}
        self.plan = self._planned([one for one in bank.where if not topics or bank.topic_of(one) in topics], count)
        self._asked_at = clock()

    def ask(self, question_id: str) -> Asking:
        """Return the question, in a variant with other numbers than the last ones."""
        self._asked_at = self._clock()
        if self._seed is not None:
            return self._bank.ask(question_id, self._seed)
        seen = [one.variant_seed or 0 for one in self._record.reviews(QUIZ_PREFIX + question_id)]
        variant = max(seen, default=-1) + 1
        asking = self._bank.ask(question_id, variant)
        if isinstance(self._bank.where[question_id][1], Generated):
            known = {self._bank.ask(question_id, one).question.ask for one in seen[-REMEMBERED:]}
            while asking.question.ask in known:
                variant += 1
                asking = self._bank.ask(question_id, variant)
        return asking

    def because(self, question_id: str) -> str:
        """Return why a question comes first, an empty text if no exercise brought it forward."""
        return self._because.get(question_id, "")

    def answer(self, asking: Asking, typed: str, confidence: str) -> Judged:
        """Judge an answer and save it. Raises UnreadableError; then nothing is saved."""
        judged = judge(asking, typed)
        at = self._clock()
        rating = (HARD if confidence == "unsure" else GOOD) if judged.right else AGAIN
        self._record.add_review(
            QUIZ_PREFIX + asking.question.id, rating, now_ms=int(at * 1000),
            duration_ms=int((at - self._asked_at) * 1000), source="quiz", confidence=confidence,
            variant_seed=asking.variant, answer=typed.strip()[:200],
        )  # fmt: skip
        events = [("misconception", QUIZ_PREFIX + asking.question.id, name) for name in judged.misconceptions]
        self._record.add_events(events, int(at * 1000))
        self._results[asking.topic].append(judged.right)
        return judged

    def scores(self) -> tuple[TopicScore, ...]:
        """Return the scores by topic, in the order in which the topics came."""
        return tuple(TopicScore(topic, sum(rights), len(rights)) for topic, rights in self._results.items())

    def _planned(self, ids: Sequence[str], count: int) -> list[str]:
        """Return the ids in the order in which they are asked: in each group, the longest overdue first."""
        if self._seed is not None:
            chance = random.Random(self._seed)
            return self._mixed(chance.sample(ids, len(ids)))[:count]
        moment = datetime.fromtimestamp(self._clock(), UTC)
        reviews = self._record.reviews()
        memories = {key.removeprefix(QUIZ_PREFIX): one for key, one in replay(reviews).items() if is_question(key)}
        self._because = self._failed(ids, memories)
        chance = random.Random(len(reviews))
        failed: list[str] = []
        due: list[str] = []
        new: list[str] = []
        later: list[str] = []
        for one in chance.sample(ids, len(ids)):
            if one in self._because:
                failed.append(one)
            elif one not in memories:
                new.append(one)
            elif is_due(memories[one], moment):
                due.append(one)
            else:
                later.append(one)
        for known in (due, later):
            known.sort(key=lambda one: memories[one].due)
        return [one for group in (failed, due, new, later) for one in self._mixed(group)][:count]

    def _failed(self, ids: Sequence[str], memories: Mapping[str, Memory]) -> dict[str, str]:
        """Return the questions about checks that failed in the last grading, with reasons, without answered ones."""
        found = {}
        failures = last_failures(self._record)
        for one in ids:
            key, question = self._bank.where[one]
            at_ms, failed = failures.get(key, (0, {}))
            titles = [failed[name] for name in question.checks if name in failed]
            if titles and (one not in memories or memories[one].last.timestamp() * 1000 < at_ms):
                found[one] = why_back(key, titles[0])
        return found

    def _mixed(self, ids: Sequence[str]) -> list[str]:
        """Return one question of each topic in turn: alternating similar topics helps to tell them apart."""
        by_topic: dict[str, list[str]] = defaultdict(list)
        for one in ids:
            by_topic[self._bank.topic_of(one)].append(one)
        mixed: list[str] = []
        while any(by_topic.values()):
            mixed += [waiting.pop(0) for waiting in by_topic.values() if waiting]
        return mixed


def misconception_counts(record: LearningRecord) -> Counter[str]:
    """Return how often each misconception was behind an answer, in exercises and questions together."""
    return Counter(event.detail for event in record.events("misconception"))
