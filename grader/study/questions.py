"""Questions as they are written in `quiz.yaml`: fixed, or with the name of the function that makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from grader.course.yaml_file import read_yaml

DISTRACTORS = 3


def _misconception_id(text: str) -> str:
    if not re.fullmatch(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*", text):
        raise ValueError(
            f'"{text}" is not a valid id of a misconception; expected one such as why.more-layers-always-better'
        )
    return text


def _sentence(text: str) -> str:
    if not text.endswith(".") or re.search(r"[.!?] +[A-Z]", text):
        raise ValueError(f'"{text}" is not one sentence that ends with a full stop')
    return text


Text = Annotated[str, Field(min_length=1, max_length=500)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
MisconceptionId = Annotated[str, AfterValidator(_misconception_id)]
Sentence = Annotated[Text, AfterValidator(_sentence)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Distractor(_Part):
    """A wrong answer, the misconception that leads to it, and why it is wrong."""

    answer: str | int | float
    because: Text
    misconception: str | None = None


class Option(_Part):
    """An option of a question with several right answers."""

    answer: Text
    right: bool
    because: Text
    misconception: str | None = None


class _Question(_Part):
    id: Slug
    checks: tuple[str, ...] = ()


class Choice(_Question):
    """A question with one right answer of four."""

    kind: Literal["choice"]
    ask: Text
    right: Text
    because: Text
    wrong: Annotated[tuple[Distractor, ...], Field(min_length=DISTRACTORS)]

    def distractor(self, answer: str) -> Distractor | None:
        """Return the wrong answer with this text, None if it is the right one."""
        return next((one for one in self.wrong if str(one.answer) == answer), None)


class Several(_Question):
    """A question with several right answers."""

    kind: Literal["several"]
    ask: Text
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=9)]
    because: Text


class Numeric(_Question):
    """A question whose answer is a number."""

    kind: Literal["numeric"]
    ask: Text
    right: int | float
    because: Text
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    wrong: tuple[Distractor, ...] = ()


class Short(_Question):
    """A question whose answer is a word or two. All of `right` are accepted; the first is shown."""

    kind: Literal["text"]
    ask: Text
    right: Annotated[tuple[Text, ...], Field(min_length=1)]
    because: Text


class Match(_Question):
    """A question about what belongs together."""

    kind: Literal["match"]
    ask: Text
    pairs: Annotated[dict[str, str], Field(min_length=3, max_length=9)]
    because: Text


class Order(_Question):
    """A question about an order."""

    kind: Literal["order"]
    ask: Text
    steps: Annotated[tuple[Text, ...], Field(min_length=3, max_length=9)]
    because: Text


class Draw(_Part):
    """What a function of `questions.py` returns: a question with all its wrong answers."""

    parameters: dict[str, Any]
    ask: Text
    right: str | int | float
    because: Text
    wrong: tuple[Distractor, ...]


class Generated(_Question):
    """A question that a function of `questions.py` makes, with new numbers each time."""

    kind: Literal["generated"]
    generator: str
    version: int = 1


Question = Annotated[Choice | Several | Numeric | Short | Match | Order | Generated, Field(discriminator="kind")]
Fixed = Choice | Several | Numeric | Short | Match | Order


class Quiz(_Part):
    """The questions of one topic, and the misconceptions behind wrong answers.

    `misconceptions` defines those that show only in answers, with a sentence for each. Those that show in a program
    are in the catalogue of the exercise.
    """

    topic: Slug
    title: Text
    misconceptions: dict[MisconceptionId, Sentence] = Field(default_factory=dict)
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


def read_quiz(path: Path) -> Quiz:
    """Return the quiz in a YAML file. Raises CourseError with all faults and their lines."""
    return read_yaml(path, Quiz, "quiz", (Choice, Several, Numeric, Short, Match, Order, Generated, Distractor, Option))


def wrong_answers(question: Question) -> Iterator[tuple[tuple[str, int], Distractor | Option]]:
    """Yield the wrong answers of a question, each with its place in the file."""
    if isinstance(question, Choice | Numeric):
        yield from ((("wrong", number), one) for number, one in enumerate(question.wrong))
    elif isinstance(question, Several):
        yield from ((("options", number), one) for number, one in enumerate(question.options) if not one.right)
