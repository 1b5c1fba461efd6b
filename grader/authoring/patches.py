"""Examine the programs of the misconceptions: each patch applies, and the right programs that they change are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.authoring.course_source import Source, unreadable
from grader.course import CourseError, Exercise, Fault, PatchError
from grader.course.taste import right_program
from grader.diagnosis.answers import Failed, answer_of, same
from grader.diagnosis.exploration import questions_of

MOST_ASPECTS = 2  # that vary at once in the calls for a right program


def patch_faults(exercise: Exercise, reference: ModuleType) -> Iterator[Fault]:
    """Report each right program that differs from the reference, and each patch that does not apply."""
    yield from wrong_tastes(exercise, reference)
    for misconception in exercise.misconceptions():
        for function in (misconception.function, *misconception.elsewhere):
            for form in misconception.programs(function):
                try:
                    exercise.program(function, form)
                except PatchError as error:
                    message = f'the misconception "{misconception.id}" has a patch for {function} that fails: {error}'
                    yield Fault(*place_of(exercise, misconception.id), message)
                except CourseError as error:
                    yield from error.faults
                except Exception:  # a taste that cannot be imported is reported above
                    continue


def wrong_tastes(exercise: Exercise, reference: ModuleType) -> Iterator[Fault]:
    """Report each right program that cannot be read, or that differs from the reference in a call of a family."""
    for path in sorted(exercise.taste_path("*").parent.glob("*.py")):
        if broken := list(unreadable(path)):
            yield from broken
            continue
        source = Source(path)
        try:
            defined = {name: right_program(path, name) for name in exercise.rubric.functions}
        except Exception as error:
            yield Fault(path, 1, f"cannot be imported: {type(error).__name__}: {error}")
            continue
        for name, program in defined.items():
            if program is None:
                continue
            line = source.line_of(program.__name__)
            message = _difference(exercise, name, program, getattr(reference, name))
            if message:
                yield Fault(path, line, message)


def place_of(exercise: Exercise, name: str) -> tuple[Path, int]:
    """Return the file and line of the quoted id of a misconception; line 1 of the misconceptions if there is none."""
    first = exercise.misconceptions_path
    for path in (first, *sorted(set(first.parent.rglob("*.py")) - {first})):
        for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if f'"{name}"' in text:
                return path, line
    return first, 1


@np.errstate(all="ignore")
def _difference(exercise: Exercise, name: str, program: Callable[..., Any], ours: Callable[..., Any]) -> str:
    """Return how a right program differs from the reference in a call, arguments included; empty if it does not."""
    family = exercise.calls().get(name)
    if family is None:
        return ""
    for aspects in range(MOST_ASPECTS + 1):
        for question in questions_of(family, ours, aspects):
            if any(isinstance(value, np.random.Generator) for value in question.call.arguments):
                continue  # two right programs may draw in another order
            answer = answer_of(program, question.call)
            if same(answer_of(ours, question.call), answer):
                continue
            words = " and ".join(one.words for one in question.aspects)
            when = f"if {words}" if words else "for the plainest input"
            seen = (
                f"raises {answer.kind}: {answer.message}"
                if isinstance(answer, Failed)
                else "does not answer as the reference"
            )
            return f"{name} is not right: {when}, it {seen}"
    return ""
