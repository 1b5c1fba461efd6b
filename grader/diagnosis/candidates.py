"""Our wrong programs of a random function: those of each known misconception, and of two at once."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

from grader.course import Exercise, Form, Misconception, Patch, PatchError, UnknownQuestionError, form_key
from grader.course.misconception import together


@dataclass(frozen=True)
class Program:
    """One of our programs, and the key of its answers in the cache. `form` is the key of its text, if it is wrong."""

    key: tuple[str, Hashable]
    function: Callable[..., Any]
    form: bytes = b""


class _Later:
    """A program that is compiled at its first call."""

    def __init__(self, compiled: Callable[[], Callable[..., Any]]) -> None:
        self._compiled = compiled
        self._function: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run the program."""
        if self._function is None:
            self._function = self._compiled()
        return self._function(*arguments, **named)


class Candidates:
    """The mistakes that may explain a function, and their programs.

    Each program is compiled when it is needed, and those in `measured`, by the keys of their forms, when they are run.
    """

    def __init__(
        self,
        exercise: Exercise,
        function: str,
        misconceptions: Iterable[Misconception],
        measured: Container[bytes] = (),
    ) -> None:
        self._exercise = exercise
        self._function = function
        self._measured = measured
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
        name = form_key(form)
        try:
            compiled = partial(self._exercise.program, self._function, form)
            function = _Later(compiled) if name in self._measured else compiled()
            return Program((self._function, key), function, name)
        except (PatchError, UnknownQuestionError):  # two patches of the same text, or a kit without this program
            return None


def _switches(program: Form) -> Hashable:
    """Return the key that separates two programs."""
    if isinstance(program, Patch):
        return program
    return (program.func, *((name, repr(value)) for name, value in sorted(program.keywords.items())))
