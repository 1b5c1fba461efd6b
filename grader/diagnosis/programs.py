"""Our wrong programs of one function: each form of each misconception, alone or several at once, and their answers."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.course import Exercise, Form, Misconception, PatchError
from grader.course.misconception import together
from grader.diagnosis.answers import Failed, answer_of
from grader.diagnosis.deadline import Deadline
from grader.diagnosis.recorder import Recorded

Mix = tuple[int, ...]
"""The numbers of the forms that a program combines, in order; empty for the reference."""

RIGHT: Mix = ()
KEPT_ANSWERS = 50_000


@dataclass(frozen=True)
class KnownForm:
    """One wrong program of a misconception."""

    misconception: Misconception
    form: Form


class Programs:
    """The wrong programs of one function, and what they answered. It serves one submission after another."""

    def __init__(self, exercise: Exercise, function: str, misconceptions: Iterable[Misconception]) -> None:
        self._exercise = exercise
        self.function = function
        self.reference = getattr(exercise.reference(), function)
        self.forms = tuple(
            KnownForm(one, form) for one in misconceptions for form in dict.fromkeys(one.programs(function))
        )
        self._compiled: dict[Mix, Callable[..., Any] | None] = {RIGHT: self.reference}
        self._answers: dict[tuple[Mix, bytes], Any] = {}
        self._classes: dict[bytes, list[tuple[Any, list[int]]]] = {}

    def misconceptions_of(self, mix: Mix) -> tuple[Misconception, ...]:
        """Return the misconceptions that a program combines."""
        return tuple(self.forms[number].misconception for number in mix)

    def with_form(self, mix: Mix, number: int) -> Mix | None:
        """Return a program with one form more; None if they cannot be combined."""
        known = self.forms[number]
        if any(self.forms[other].misconception.id == known.misconception.id for other in mix):
            return None
        place = bisect.bisect(mix, number)
        larger = (*mix[:place], number, *mix[place:])
        return larger if self._program(larger) is not None else None

    def answer(self, mix: Mix, call: Recorded, deadline: Deadline | None = None) -> Any:
        """Return the answer of a program. Raises TimeUpError at the deadline."""
        place = (mix, call.fingerprint)
        if place not in self._answers:
            if deadline is not None:
                deadline.check()
            if len(self._answers) >= KEPT_ANSWERS:
                self._answers.clear()
            program = self._program(mix)
            self._answers[place] = None if program is None else answer_of(program, call)
        return self._answers[place]

    def classes(self, call: Recorded, deadline: Deadline | None = None) -> Sequence[tuple[Any, list[int]]]:
        """Return the different answers to a call, each with the forms that give it alone."""
        if call.fingerprint not in self._classes:
            found: dict[bytes, tuple[Any, list[int]]] = {}
            for number in range(len(self.forms)):
                answer = self.answer((number,), call, deadline)
                found.setdefault(_digest(answer), (answer, []))[1].append(number)
            if len(self._classes) >= KEPT_ANSWERS // 100:
                self._classes.clear()
            self._classes[call.fingerprint] = list(found.values())
        return self._classes[call.fingerprint]

    def _program(self, mix: Mix) -> Callable[..., Any] | None:
        if mix not in self._compiled:
            self._compiled[mix] = self._compile(mix)
        return self._compiled[mix]

    def _compile(self, mix: Mix) -> Callable[..., Any] | None:
        form: Form | None = self.forms[mix[0]].form
        for number in mix[1:]:
            form = None if form is None else together(form, self.forms[number].form)
        try:
            return None if form is None else self._exercise.program(self.function, form)
        except PatchError:  # two patches of the same line; one that never applies is a fault of the course
            return None


def _digest(answer: Any) -> bytes:
    """Return the same bytes for answers that differ in the order of their sums only."""
    if isinstance(answer, Failed):
        return f"{answer.kind}: {answer.message}".encode()
    if not isinstance(answer, tuple):
        return b"none"
    parts = []
    for part in answer:
        with np.errstate(all="ignore"):
            rounded = np.round(part.astype(complex if part.dtype.kind == "c" else float), 7) + 0.0
        parts.append(str(part.shape).encode() + rounded.tobytes())
    return b"|".join(parts)
