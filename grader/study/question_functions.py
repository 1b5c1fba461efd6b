"""The functions of a course that draw questions: `solutions/KEY/questions.py`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from grader.course import CourseError, Fault
from grader.study.course_code import import_course_file, line_of_function
from grader.study.questions import Draw

DRAWS = 200


class QuestionGenerator(Protocol):
    """A function of the course that makes a question."""

    def __call__(self, draw: random.Random) -> dict[str, Any] | None:
        """Return parameters, question, answer and distractors; None asks for another try."""


def questions_file(root: Path, exercise: str) -> Path:
    """Return the file with the functions of an exercise."""
    return root / "solutions" / exercise / "questions.py"


def generator_named(path: Path, name: str) -> QuestionGenerator:
    """Return a function of the file. Raises CourseError if it is missing."""
    found: QuestionGenerator | None = getattr(import_course_file(path), name, None)
    if found is None:
        raise CourseError([Fault(path, 1, f'does not define "{name}"')])
    return found


def place_of(path: Path, name: str) -> tuple[Path, int]:
    """Return the file and line of a function. Raises CourseError if it is missing."""
    return path, line_of_function(generator_named(path, name))


def draws(path: Path, name: str, chance: random.Random) -> Iterator[Draw]:
    """Yield what a function returns. Raises CourseError if that is not a question."""
    generate = generator_named(path, name)
    for _ in range(DRAWS):
        try:
            found = generate(chance)
            draw = None if found is None else Draw.model_validate(found)
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"]))
            message = f"{name} did not return a question: `{where}`: {problem['msg']}"
            raise CourseError([Fault(*place_of(path, name), message)]) from None
        except Exception as error:
            message = f"{name} raised {type(error).__name__}: {error}"
            raise CourseError([Fault(*place_of(path, name), message)]) from None
        if draw is not None:
            yield draw
