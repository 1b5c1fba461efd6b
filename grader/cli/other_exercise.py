"""Recognise the file of another exercise: graded as this one it would only earn nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from grader.cli.suggested import suggested
from grader.course import CourseError
from grader.grade_error import GradeError

if TYPE_CHECKING:
    from grader.course import Course, Exercise
    from grader.submission import Submission

_DEFINITION = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=", re.MULTILINE)


class OtherExerciseError(GradeError):
    """The file belongs to another exercise. It is not graded, so the result of this exercise stays."""


def refuse_other_exercise(course: Course, exercise: Exercise, submission: Submission, shown: str) -> None:
    """Raise OtherExerciseError if a file defines functions of another exercise and none of this one."""
    text = next((file.text for file in submission.files if file.name == f"{exercise.rubric.module}.py"), "")
    defined = {name for pair in _DEFINITION.findall(text) for name in pair if name}
    if not defined or not defined.isdisjoint(exercise.rubric.functions) or _imports_names(text, exercise):
        return
    for other in course:
        if other.key == exercise.key:
            continue
        try:
            theirs = set(other.rubric.functions)
        except CourseError:  # a fault in the rubric of another exercise must not stop this one
            continue
        if theirs & defined:
            number = int(other.key[:2])
            raise OtherExerciseError(
                f"This looks like exercise {number} ({other.rubric.module}). {shown} defines "
                f"{_listed(name for name in other.rubric.functions if name in defined)}, and no function of exercise "
                f"{int(exercise.key[:2])}. To grade it: {suggested(f'exercise {number} {shown}')}"
            )


def _imports_names(text: str, exercise: Exercise) -> bool:
    """Return whether a file imports a function of the exercise, or everything from a module."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # the report will show the error
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return "*" in names or not names.isdisjoint(exercise.rubric.functions)


def _listed(names: Iterable[str]) -> str:
    first, *others = names
    return f"{first} and {len(others)} more" if others else first
