"""All questions of a course. A function of the course makes each generated question from a seed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from grader.course import CourseError, Fault
from grader.course.yaml_file import line_of, tree_of
from grader.study.number import number_of
from grader.study.question_functions import DRAWS, draws, place_of, questions_file
from grader.study.questions import (
    DISTRACTORS,
    Choice,
    Distractor,
    Draw,
    Fixed,
    Generated,
    Match,
    Numeric,
    Order,
    Question,
    Quiz,
    Several,
    read_quiz,
    wrong_answers,
)
from grader.study.study_files import files_named

SOME_DRAWS = 20
ROUNDED = 0.005  # half a unit of the third digit, at most


@dataclass(frozen=True)
class Asking:
    """A question as it is asked. A generated question is asked in a variant."""

    question: Fixed
    topic: str
    exercise: str
    options: tuple[str, ...] = ()
    variant: int | None = None
    parameters: Mapping[str, Any] | None = None


class QuestionBank:
    """All quizzes of a course, and the misconceptions that they define."""

    def __init__(self, root: Path) -> None:
        """Read the quizzes. Raises CourseError with all faults."""
        self.root = root
        self.quizzes: dict[str, Quiz] = {}
        self.where: dict[str, tuple[str, Question]] = {}
        self.misconceptions: dict[str, str] = {}
        self._shown_by: dict[str, frozenset[str]] = {}
        faults: list[Fault] = []
        for path in files_named(root, "quiz.yaml"):
            try:
                quiz = read_quiz(path)
            except CourseError as error:
                faults += error.faults
                continue
            self.quizzes[path.parent.name] = quiz
            faults += self._add(path, quiz)
        if faults:
            raise CourseError(faults)

    def topic_of(self, question_id: str) -> str:
        """Return the topic of a question."""
        return self.quizzes[self.where[question_id][0]].topic

    def path_of(self, key: str) -> Path:
        """Return the file with the questions of an exercise."""
        return self.root / "exercises" / key / "quiz.yaml"

    def line_of_question(self, question_id: str) -> int:
        """Return the line of a question in its file."""
        key, question = self.where[question_id]
        number = self.quizzes[key].questions.index(question)
        return line_of(tree_of(self.path_of(key)), ("questions", number))

    def ask(self, question_id: str, variant: int, *, typed: bool = False) -> Asking:
        """Return the question in this variant, which also decides the order of the answers.

        With `typed`, a generated question whose answer is a number has no options: the number is typed. Raises
        CourseError if a generated question cannot be made.
        """
        key, question = self.where[question_id]
        topic = self.quizzes[key].topic
        seed_text = f"{question_id}:v{getattr(question, 'version', 1)}:{variant}"
        chance = random.Random(int.from_bytes(hashlib.sha256(seed_text.encode()).digest()[:8]))
        if isinstance(question, Generated):
            draw = self._draw(key, question, chance)
            number = number_of(draw.right) if typed else None
            if number is not None:
                return Asking(_numeric(question, draw, number), topic, key, (), variant, draw.parameters)
            drawn = _choice(question, draw, chance)
            options = [drawn.right, *(str(one.answer) for one in drawn.wrong)]
            chance.shuffle(options)
            return Asking(drawn, topic, key, tuple(options), variant, draw.parameters)
        options = _options(question, chance)
        chance.shuffle(options)
        if isinstance(question, Order) and tuple(options) == question.steps:
            options.reverse()
        return Asking(question, topic, key, tuple(options), variant)

    def draws(self, key: str, question: Generated, chance: random.Random) -> Iterator[Draw]:
        """Yield what the function of a question returns. Raises CourseError if that is not a question."""
        return draws(questions_file(self.root, key), question.generator, chance)

    def place_of_generator(self, key: str, question: Generated) -> tuple[Path, int]:
        """Return the file and line of the function that makes a question. Raises CourseError if it is missing."""
        return place_of(questions_file(self.root, key), question.generator)

    def misconceptions_of(self, question_id: str) -> frozenset[str]:
        """Return the misconceptions that a wrong answer to this question can show. Raises CourseError."""
        if question_id not in self._shown_by:
            key, question = self.where[question_id]
            if isinstance(question, Generated):
                some = islice(self.draws(key, question, random.Random(0)), SOME_DRAWS)
                names = {one.misconception for draw in some for one in draw.wrong}
            else:
                names = {one.misconception for _, one in wrong_answers(question)}
            self._shown_by[question_id] = frozenset(name for name in names if name)
        return self._shown_by[question_id]

    def _draw(self, key: str, question: Generated, chance: random.Random) -> Draw:
        """Return a draw with enough wrong answers that differ from each other and from the right one."""
        for draw in self.draws(key, question, chance):
            if len({_shown(one.answer) for one in draw.wrong} - {_shown(draw.right)}) >= DISTRACTORS:
                return draw
        message = (
            f"{question.generator} returned no question with {DISTRACTORS} different wrong answers in {DRAWS} tries"
        )
        raise CourseError([Fault(*self.place_of_generator(key, question), message)])

    def _add(self, path: Path, quiz: Quiz) -> Iterator[Fault]:
        """Add the questions and misconceptions of a quiz. Yield a fault for each that another quiz has already."""
        for number, question in enumerate(quiz.questions):
            if question.id in self.where:
                line = line_of(tree_of(path), ("questions", number))
                yield Fault(path, line, f'two questions have the id "{question.id}"')
            self.where[question.id] = (path.parent.name, question)
        for name, text in quiz.misconceptions.items():
            if name in self.misconceptions:
                line = line_of(tree_of(path), ("misconceptions", name))
                yield Fault(path, line, f'another quiz defines the misconception "{name}"')
            self.misconceptions[name] = text


def _choice(question: Generated, draw: Draw, chance: random.Random) -> Choice:
    """Return a draw as a question with some of its wrong answers as options."""
    right = _shown(draw.right)
    wrong: dict[str, Distractor] = {}
    for one in draw.wrong:
        wrong.setdefault(_shown(one.answer), one)
    wrong.pop(right, None)
    shown = [one.model_copy(update={"answer": answer}) for answer, one in wrong.items()]
    chance.shuffle(shown)
    below, above = _sides(draw, wrong)
    if len(below) + len(above) == len(wrong):
        fewest, most = max(0, DISTRACTORS - len(above)), min(DISTRACTORS, len(below))
        count = chance.randint(fewest, most)  # else the right answer would often have the same rank
        shown = [one for one in shown if one.answer in below][:count] + [one for one in shown if one.answer in above][
            : DISTRACTORS - count
        ]
    return Choice(
        id=question.id, checks=question.checks, kind="choice", ask=draw.ask, right=right,
        because=draw.because, wrong=tuple(shown[:DISTRACTORS]),
    )  # fmt: skip


def _sides(draw: Draw, wrong: Mapping[str, Distractor]) -> tuple[set[str], set[str]]:
    """Return the wrong answers that are smaller and larger than the right one; texts are neither."""
    right = number_of(draw.right)
    numbers = {answer: number_of(one.answer) for answer, one in wrong.items()}
    if right is None:
        return set(), set()
    below = {answer for answer, number in numbers.items() if number is not None and number < right}
    return below, {answer for answer, number in numbers.items() if number is not None and number > right}


def _numeric(question: Generated, draw: Draw, right: int | float) -> Numeric:
    """Return a draw as a question for a typed number, with all its wrong numbers.

    A number that is not whole may be rounded to three digits, unless that brings it near a wrong answer.
    """
    numbers = [(number_of(one.answer), one) for one in draw.wrong]
    wrong = tuple(
        one.model_copy(update={"answer": number}) for number, one in numbers if number is not None and number != right
    )
    nearest = min((abs(float(one.answer) - right) for one in wrong), default=abs(right))
    tolerance = 0.0 if isinstance(right, int) else min(ROUNDED * abs(right), nearest / 3)
    return Numeric(
        id=question.id, checks=question.checks, kind="numeric", ask=draw.ask, right=right, because=draw.because,
        tolerance=tolerance, wrong=wrong,
    )  # fmt: skip


def _options(question: Fixed, chance: random.Random) -> list[str]:
    """Return the options, with a sample of the distractors. If the answer is typed, return none."""
    if isinstance(question, Choice):
        return [question.right, *(str(one.answer) for one in chance.sample(question.wrong, DISTRACTORS))]
    if isinstance(question, Several):
        return [one.answer for one in question.options]
    if isinstance(question, Match):
        return list(question.pairs.values())
    return list(question.steps) if isinstance(question, Order) else []


def _shown(answer: str | float) -> str:
    """Return an answer as a reader sees it: with commas between thousands."""
    return f"{answer:,}" if isinstance(answer, int) else str(answer)
