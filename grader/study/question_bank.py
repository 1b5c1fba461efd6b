"""All questions of a course. A function of the course makes each generated question from a seed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from grader.course import CourseError, Fault
from grader.course.yaml_file import line_of, tree_of
from grader.study.course_code import import_course_file, line_of_function
from grader.study.questions import (
    DISTRACTORS,
    Choice,
    Distractor,
    Draw,
    Fixed,
    Generated,
    Match,
    Order,
    Question,
    Quiz,
    Several,
    read_quiz,
)
from grader.study.study_files import files_named

DRAWS = 200


class QuestionGenerator(Protocol):
    """A function of the course that makes a question."""

    def __call__(self, draw: random.Random) -> dict[str, Any] | None:
        """Return parameters, question, answer and distractors; None asks for another try."""


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
        self._root = root
        self.quizzes: dict[str, Quiz] = {}
        self.where: dict[str, tuple[str, Question]] = {}
        self.misconceptions: dict[str, str] = {}
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
        return self._root / "exercises" / key / "quiz.yaml"

    def ask(self, question_id: str, variant: int) -> Asking:
        """Return the question in this variant, which also decides the order of the answers.

        Raises CourseError if a generated question cannot be made.
        """
        key, question = self.where[question_id]
        topic = self.quizzes[key].topic
        seed_text = f"{question_id}:v{getattr(question, 'version', 1)}:{variant}"
        chance = random.Random(int.from_bytes(hashlib.sha256(seed_text.encode()).digest()[:8]))
        if isinstance(question, Generated):
            drawn, parameters = self._drawn(key, question, chance)
            options = [drawn.right, *(str(one.answer) for one in drawn.wrong)]
            chance.shuffle(options)
            return Asking(drawn, topic, key, tuple(options), variant, parameters)
        options = _options(question, chance)
        chance.shuffle(options)
        if isinstance(question, Order) and tuple(options) == question.steps:
            options.reverse()
        return Asking(question, topic, key, tuple(options), variant)

    def draws(self, key: str, question: Generated, chance: random.Random) -> Iterator[Draw]:
        """Yield what the function of a question returns. Raises CourseError if that is not a question."""
        generate = self._generator(key, question)
        for _ in range(DRAWS):
            try:
                found = generate(chance)
                draw = None if found is None else Draw.model_validate(found)
            except ValidationError as error:
                problem = error.errors()[0]
                place = ".".join(map(str, problem["loc"]))
                message = f"{question.generator} did not return a question: `{place}`: {problem['msg']}"
                raise CourseError([Fault(*self.place_of_generator(key, question), message)]) from None
            except Exception as error:
                message = f"{question.generator} raised {type(error).__name__}: {error}"
                raise CourseError([Fault(*self.place_of_generator(key, question), message)]) from None
            if draw is not None:
                yield draw

    def place_of_generator(self, key: str, question: Generated) -> tuple[Path, int]:
        """Return the file and line of the function that makes a question. Raises CourseError if it is missing."""
        return self._root / "solutions" / key / "questions.py", line_of_function(self._generator(key, question))

    def _drawn(self, key: str, question: Generated, chance: random.Random) -> tuple[Choice, Mapping[str, Any]]:
        """Return a variant with enough wrong answers that differ from each other and from the right one."""
        for draw in self.draws(key, question, chance):
            right = _shown(draw.right)
            wrong: dict[str, Distractor] = {}
            for one in draw.wrong:
                wrong.setdefault(_shown(one.answer), one)
            wrong.pop(right, None)
            if len(wrong) < DISTRACTORS:
                continue
            chosen = [one.model_copy(update={"answer": answer}) for answer, one in wrong.items()]
            chance.shuffle(chosen)
            choice = Choice(
                id=question.id, checks=question.checks, kind="choice", ask=draw.ask, right=right,
                because=draw.because, wrong=tuple(chosen[:DISTRACTORS]),
            )  # fmt: skip
            return choice, draw.parameters
        message = (
            f"{question.generator} returned no question with {DISTRACTORS} different wrong answers in {DRAWS} tries"
        )
        raise CourseError([Fault(*self.place_of_generator(key, question), message)])

    def _generator(self, key: str, question: Generated) -> QuestionGenerator:
        path = self._root / "solutions" / key / "questions.py"
        found: QuestionGenerator | None = getattr(import_course_file(path), question.generator, None)
        if found is None:
            raise CourseError([Fault(path, 1, f'does not define "{question.generator}"')])
        return found

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
