"""A session with questions, without an interface."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from grader.study.cards import read_decks
from grader.study.clock import Clock, seconds_now
from grader.study.graded_exercise import last_failures, why_back
from grader.study.judging import Judged, judge
from grader.study.learning_record import LearningRecord
from grader.study.question_bank import Asking, QuestionBank
from grader.study.questions import Generated
from grader.study.record_entry import AGAIN, GOOD, HARD, Review
from grader.study.schedule import QUIZ_PREFIX, Memory, is_due, is_question, replay

COUNT = 10
GAP = 3  # other questions between an error and another question about the same misconception
REMEMBERED = 3  # a learner may still know the numbers of this many variants


@dataclass(frozen=True)
class TopicScore:
    """The number of correct answers to questions of a topic."""

    topic: str
    right: int
    asked: int


class QuizSession:
    """A session. Questions about failures in exercises come first, then due ones, then new ones, with mixed topics.

    New questions come only from topics that the learner has begun. After an error, another question about the same
    misconception comes some questions later.
    """

    def __init__(
        self,
        record: LearningRecord,
        bank: QuestionBank,
        *,
        topics: Sequence[str] = (),
        count: int = COUNT,
        seed: int | None = None,
        choices: bool = False,
        clock: Clock = seconds_now,
    ) -> None:
        """Plan a session. With `seed`, questions and variants do not depend on any answer.

        With `choices`, answers that are numbers are chosen, not typed.
        """
        self._record = record
        self._bank = bank
        self._clock = clock
        self._seed = seed
        self._typed = not choices
        self._chosen = bool(topics)
        self._followed: set[str] = set()
        self._results: dict[str, list[bool]] = defaultdict(list)
        self._because: dict[str, str] = {}
        self._sure_but_wrong = 0
        self.plan = self._planned([one for one in bank.where if not topics or bank.topic_of(one) in topics], count)
        self._asked_at = self._began = clock()

    def ask(self, question_id: str) -> Asking:
        """Return the question, in a variant with other numbers than the last ones."""
        self._asked_at = self._clock()
        if self._seed is not None:
            return self._bank.ask(question_id, self._seed, typed=self._typed)
        seen = [one.variant_seed or 0 for one in self._record.reviews(QUIZ_PREFIX + question_id)]
        variant = max(seen, default=-1) + 1
        asking = self._bank.ask(question_id, variant, typed=self._typed)
        if isinstance(self._bank.where[question_id][1], Generated):
            known = {self._bank.ask(question_id, one).question.ask for one in seen[-REMEMBERED:]}
            while asking.question.ask in known:
                variant += 1
                asking = self._bank.ask(question_id, variant, typed=self._typed)
        return asking

    def with_options(self, asking: Asking) -> Asking:
        """Return a question whose answer was typed with options to choose from; another question as it is."""
        if asking.parameters is None or asking.options or asking.variant is None:
            return asking
        return self._bank.ask(asking.question.id, asking.variant)

    def because(self, question_id: str) -> str:
        """Return why a question comes now, an empty text if there is no special reason."""
        return self._because.get(question_id, "")

    def answer(self, asking: Asking, typed: str, confidence: str, meant: bool = False) -> Judged:
        """Judge an answer and save it. Raises UnreadableError; then nothing is saved.

        `meant` says that the learner meant our answer with words that we do not know.
        """
        judged = judge(asking, typed)
        if judged.unknown and meant:
            judged = replace(judged, right=True)
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
        self._sure_but_wrong += confidence == "sure" and not judged.right
        if self._seed is None:
            self._follow_up(asking.question.id, judged.misconceptions)
        return judged

    @property
    def minutes(self) -> int:
        """The minutes since the session began, at least 1."""
        return max(1, round((self._clock() - self._began) / 60))

    @property
    def sure_but_wrong(self) -> int:
        """The number of wrong answers in this session that the learner was sure of."""
        return self._sure_but_wrong

    def scores(self) -> tuple[TopicScore, ...]:
        """Return the scores by topic, in the order in which the topics came."""
        return tuple(TopicScore(topic, sum(rights), len(rights)) for topic, rights in self._results.items())

    def _follow_up(self, question_id: str, misconceptions: Sequence[str]) -> None:
        """Plan another question about a misconception that has just shown, once for each. The last one gives way."""
        done = sum(map(len, self._results.values()))
        place = done + GAP
        fresh = [name for name in misconceptions if name not in self._followed]
        if not fresh or place >= len(self.plan):
            return
        later = self.plan[place:]
        alike = [one for one in self._bank.where if fresh[0] in self._bank.misconceptions_of(one)]
        alike = [one for one in alike if one != question_id and one not in self.plan[:place]]
        if isinstance(self._bank.where[question_id][1], Generated):
            alike.insert(0, question_id)  # the same question, with other numbers
        if not alike:
            return
        self._followed.add(fresh[0])
        chosen = alike[0]
        if chosen in later:
            later.remove(chosen)
        else:
            later.pop()
        self.plan = [*self.plan[:place], chosen, *later]
        self._because.setdefault(chosen, "once more, because you missed this a moment ago")

    def _begun(self, reviews: Sequence[Review]) -> set[str]:
        """Return the topics that the learner has begun: by an answer, a grading, or a part of a lesson.

        If there is none, return the first topic.
        """
        topics = {key: quiz.topic for key, quiz in self._bank.quizzes.items()}
        if self._chosen or not topics:
            return set(topics.values())
        cards = read_decks(self._bank.root)
        places = {key.partition("/")[0] for key in self._record.keys_of_events()}
        begun = {topic for key, topic in topics.items() if key in places or topic in places}
        for one in reviews:
            name = one.card_key.removeprefix(QUIZ_PREFIX)
            if is_question(one.card_key):
                key = self._bank.where[name][0] if name in self._bank.where else ""
            else:
                key = cards[name].exercise if name in cards else ""
            begun |= {topics[key]} if key in topics else set()
        return begun or {next(iter(topics.values()))}

    def _planned(self, ids: Sequence[str], count: int) -> list[str]:
        """Return the ids in the order in which they are asked: in each group, the longest overdue first."""
        if self._seed is not None:
            chance = random.Random(self._seed)
            return self._mixed(chance.sample(ids, len(ids)))[:count]
        moment = datetime.fromtimestamp(self._clock(), UTC)
        reviews = self._record.reviews()
        memories = {key.removeprefix(QUIZ_PREFIX): one for key, one in replay(reviews).items() if is_question(key)}
        self._because = self._failed(ids, memories)
        begun = self._begun(reviews)
        chance = random.Random(f"{self._record.device}:{len(reviews)}")  # the first questions of two learners differ
        failed: list[str] = []
        due: list[str] = []
        new: list[str] = []
        later: list[str] = []
        for one in chance.sample(ids, len(ids)):
            if one in self._because:
                failed.append(one)
            elif one not in memories:
                if self._bank.topic_of(one) in begun:
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
