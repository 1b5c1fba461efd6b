"""Questions: fixed in `quiz.yaml`, or drawn from a seed by a function of `questions.py` beside the reference."""

from __future__ import annotations

import hashlib
import importlib.util
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from grader.course import CourseError, Fault
from grader.course.yaml_file import read_yaml
from grader.study.folder import files_named

DISTRACTORS = 3
DRAWS = 200

Text = Annotated[str, Field(min_length=1, max_length=500)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Distractor(_Part):
    """A wrong answer, the misconception behind it where there is one, and why it is wrong."""

    answer: str | int | float
    because: Text
    misconception: str | None = None


class Option(_Part):
    """One of several answers, of which more than one may be right."""

    answer: Text
    right: bool
    because: Text
    misconception: str | None = None


class _Question(_Part):
    id: Slug
    checks: tuple[str, ...] = ()


class Choice(_Question):
    """One answer of four."""

    kind: Literal["choice"]
    ask: Text
    right: Text
    because: Text
    wrong: Annotated[tuple[Distractor, ...], Field(min_length=DISTRACTORS)]


class Several(_Question):
    """Every right answer, and no wrong one."""

    kind: Literal["several"]
    ask: Text
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=9)]
    because: Text


class Numeric(_Question):
    """A number, typed."""

    kind: Literal["numeric"]
    ask: Text
    right: int | float
    because: Text
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    wrong: tuple[Distractor, ...] = ()


class Short(_Question):
    """A word or two, typed; `right` are the accepted ones, the first is shown."""

    kind: Literal["text"]
    ask: Text
    right: Annotated[tuple[Text, ...], Field(min_length=1)]
    because: Text


class Match(_Question):
    """What belongs to what."""

    kind: Literal["match"]
    ask: Text
    pairs: Annotated[dict[str, str], Field(min_length=3, max_length=9)]
    because: Text


class Order(_Question):
    """What comes after what."""

    kind: Literal["order"]
    ask: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=3, max_length=9)]
    because: Text


class Generated(_Question):
    """Drawn anew each time, by a function of `questions.py`."""

    kind: Literal["generated"]
    generator: str
    version: int = 1


Question = Annotated[Choice | Several | Numeric | Short | Match | Order | Generated, Field(discriminator="kind")]
Fixed = Choice | Several | Numeric | Short | Match | Order


class Quiz(_Part):
    """The questions of one topic."""

    topic: Slug
    title: Text
    questions: tuple[Question, ...]


class Generator(Protocol):
    """Parameters, question, answer and distractors from a source of chance; None where another draw is needed."""

    def __call__(self, draw: random.Random) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class Asking:
    """A question as it is asked: of a generated one, a variant."""

    question: Fixed
    topic: str
    exercise: str
    options: tuple[str, ...] = ()
    variant: int | None = None
    seed_text: str = ""
    parameters: Mapping[str, Any] | None = None


class QuestionBank:
    """All quizzes of a course."""

    def __init__(self, root: Path) -> None:
        """Read them. Raises CourseError."""
        self._root = root
        self.quizzes: dict[str, Quiz] = {}
        self.where: dict[str, tuple[str, Question]] = {}
        self._modules: dict[str, ModuleType] = {}
        parts: list[type[BaseModel]] = [Choice, Several, Numeric, Short, Match, Order, Generated, Distractor, Option]
        for path in files_named(root, "quiz.yaml"):
            quiz = read_yaml(path, Quiz, "quiz", parts)
            key = path.parent.name
            self.quizzes[key] = quiz
            for question in quiz.questions:
                if question.id in self.where:
                    raise CourseError([Fault(path, 1, f'two questions have the id "{question.id}"')])
                self.where[question.id] = (key, question)

    def topic_of(self, question_id: str) -> str:
        """The topic of a question."""
        return self.quizzes[self.where[question_id][0]].topic

    def generator(self, key: str, name: str) -> Generator:
        """The function that draws a question. Raises CourseError where there is none."""
        if key not in self._modules:
            path = self._root / "solutions" / key / "questions.py"
            spec = importlib.util.spec_from_file_location(f"_questions_{key}", path)
            if spec is None or spec.loader is None or not path.is_file():
                raise CourseError([Fault(path, 1, "is missing")])
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self._modules[key] = module
        found: Generator | None = getattr(self._modules[key], name, None)
        if found is None:
            raise CourseError([Fault(self._root / "solutions" / key / "questions.py", 1, f'does not define "{name}"')])
        return found

    def ask(self, question_id: str, variant: int) -> Asking:
        """The question in its variant; also where fixed answers stand depends on it."""
        key, question = self.where[question_id]
        topic = self.quizzes[key].topic
        seed_text = f"{question_id}:v{getattr(question, 'version', 1)}:{variant}"
        chance = random.Random(int.from_bytes(hashlib.sha256(seed_text.encode()).digest()[:8]))
        if isinstance(question, Generated):
            fixed, parameters = self._drawn(key, question, chance)
            options = _shuffled([fixed.right, *(str(one.answer) for one in fixed.wrong)], chance)
            return Asking(fixed, topic, key, options, variant, seed_text, parameters)
        if isinstance(question, Choice):
            wrong = chance.sample(question.wrong, DISTRACTORS)
            options = _shuffled([question.right, *(str(one.answer) for one in wrong)], chance)
            return Asking(question, topic, key, options, variant, seed_text)
        if isinstance(question, Several):
            return Asking(question, topic, key, _shuffled([one.answer for one in question.options], chance), variant)
        if isinstance(question, Match):
            return Asking(question, topic, key, _shuffled(list(question.pairs.values()), chance), variant)
        if isinstance(question, Order):
            options = _shuffled(list(question.steps), chance)
            return Asking(question, topic, key, options if options != question.steps else options[::-1], variant)
        return Asking(question, topic, key, (), variant)

    def _drawn(self, key: str, question: Generated, chance: random.Random) -> tuple[Choice, Mapping[str, Any]]:
        """A variant with enough different distractors, those of named misconceptions first."""
        generate = self.generator(key, question.generator)
        for _ in range(DRAWS):
            found = generate(chance)
            if found is None:
                continue
            right = _shown(found["right"])
            wrong: list[dict[str, Any]] = [{**one, "answer": _shown(one["answer"])} for one in found["wrong"]]
            different = {one["answer"]: one for one in reversed(wrong) if one["answer"] != right}
            if len(different) < DISTRACTORS:
                continue
            wrong = [one for one in wrong if different.get(one["answer"]) is one]
            named = [one for one in wrong if one["misconception"]]
            chance.shuffle(named)
            chosen = (named + [one for one in wrong if not one["misconception"]])[:DISTRACTORS]
            choice = Choice(
                id=question.id, checks=question.checks, kind="choice", ask=found["ask"], right=right,
                because=found["because"], wrong=tuple(Distractor(**one) for one in chosen),
            )  # fmt: skip
            return choice, found["parameters"]
        path = self._root / "solutions" / key / "questions.py"
        message = f"{question.generator} gave no question with {DISTRACTORS} different wrong answers in {DRAWS} draws"
        raise CourseError([Fault(path, 1, message)])


def _shown(answer: str | float) -> str:
    """An answer as it is read: thousands apart."""
    return f"{answer:,}" if isinstance(answer, int) else str(answer)


def _shuffled(options: list[str], chance: random.Random) -> tuple[str, ...]:
    chance.shuffle(options)
    return tuple(options)
