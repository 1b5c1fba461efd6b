"""Our wrong programs of a random function: those of each known misconception, and of two at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from grader.course import Exercise, Form, Misconception, Patch, PatchError
from grader.course.misconception import together

FORMS_OF_PAIRS = 6  # programs of two misconceptions at once that are tried


@dataclass(frozen=True)
class Program:
    """One of our programs, and the key of its answers in the cache."""

    key: tuple[str, Hashable]
    function: Callable[..., Any]


class Candidates:
    """The mistakes that may explain a function, and their programs. Each program is compiled when it is needed."""

    def __init__(self, exercise: Exercise, function: str, misconceptions: Iterable[Misconception]) -> None:
        self._exercise = exercise
        self._function = function
        self.mistakes = tuple(one for one in misconceptions if one.severity == "mistake" and one.programs(function))
        self._compiled: dict[Hashable, Program | None] = {}

    def programs(self, i: int, limit: int | None = None) -> list[Program]:
        """Return the programs of one misconception, or the first of them."""
        return list(self._programs(self.mistakes[i].programs(self._function)[:limit]))

    def pair(self, i: int, j: int, limit: int | None = None) -> list[Program]:
        """Return programs of two misconceptions at once."""
        first, second = (self.mistakes[one].programs(self._function)[:limit] for one in (i, j))
        mixed = (together(one, other) for one, other in product(first, second))
        return list(self._programs([one for one in mixed if one is not None][:FORMS_OF_PAIRS]))

    def _programs(self, forms: Iterable[Form]) -> Iterator[Program]:
        """Yield each program once, without patches that exclude each other."""
        for form in dict.fromkeys(forms):
            key = _switches(form)
            if key not in self._compiled:
                self._compiled[key] = self._compile(key, form)
            program = self._compiled[key]
            if program is not None:
                yield program

    def _compile(self, key: Hashable, form: Form) -> Program | None:
        try:
            return Program((self._function, key), self._exercise.program(self._function, form))
        except PatchError:  # two patches of the same text
            return None


def _switches(program: Form) -> Hashable:
    """Return the key that separates two programs."""
    if isinstance(program, Patch):
        return program
    return (program.func, *((name, repr(value)) for name, value in sorted(program.keywords.items())))
