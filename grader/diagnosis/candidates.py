"""Our wrong programs of a random function: those of each known misconception, and of two at once."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from grader.course import Exercise, Form, Misconception, Patch, PatchError
from grader.course.misconception import together


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

    def pair(self, i: int, j: int, first: Container[Hashable] = ()) -> list[Program]:
        """Return programs of two misconceptions at once: one for each right program that both change.

        Of several forms, those whose switches are in `first` are preferred.
        """
        one, other = (
            sorted(self.mistakes[k].programs(self._function), key=lambda form: _switches(form) not in first)
            for k in (i, j)
        )
        by_base: dict[Hashable, Form] = {}
        for mine, theirs in product(one, other):
            mixed = together(mine, theirs)
            if mixed is not None:
                by_base.setdefault(mixed.taste if isinstance(mixed, Patch) else mixed.func, mixed)
        return list(self._programs(by_base.values()))

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
