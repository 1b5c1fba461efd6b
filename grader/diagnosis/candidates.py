"""Candidates that may explain a function's answers: each known misconception, and pairs of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from grader.course import Exercise, Form, Misconception, Patch, PatchError
from grader.course.misconception import together

PAIRS_LIMIT = 2_000


@dataclass(frozen=True)
class Program:
    """One of our wrong programs, and the key of its answers in the cache."""

    key: tuple[str, Hashable]
    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """Return the name of the learner's function that it stands for."""
        return self.key[0]


@dataclass(frozen=True)
class Candidate:
    """Misconceptions that may be named, and the programs that they lead to.

    The `parts` of a pair are the indices of its two misconceptions among the single ones; a convention has none.
    """

    misconceptions: tuple[Misconception, ...]
    programs: tuple[Program, ...]
    parts: tuple[int, ...] = ()

    def without_forms(self) -> Candidate:
        """Return the candidate with its first program alone."""
        return replace(self, programs=self.programs[:1])


@dataclass(frozen=True)
class Candidates:
    """All candidates for one function, and the conventions that it may follow."""

    singles: tuple[Candidate, ...]
    pairs: tuple[Candidate, ...]
    conventions: tuple[Program, ...]


def candidates(exercise: Exercise, function: str, misconceptions: Iterable[Misconception]) -> Candidates:
    """Return the candidates for a function.

    A convention costs nothing and is never named, but a learner who follows one may have a misconception as well.
    """
    about = [one for one in misconceptions if one.programs(function)]
    mistakes = [one for one in about if one.severity == "mistake"]
    conventions = [one for one in about if one.severity == "convention"]
    singles = tuple(Candidate((one,), _programs(exercise, function, one.programs(function))) for one in mistakes)
    alone = {_switches(program) for one in mistakes for program in one.programs(function)}
    pairs = [
        Candidate((mistakes[i], mistakes[j]), found, (i, j))
        for i, j in combinations(range(len(mistakes)), 2)
        if (found := _held_together(exercise, function, mistakes[i], mistakes[j], alone))
    ]
    pairs += [
        Candidate((mistake,), found, (i,))
        for i, mistake in enumerate(mistakes)
        for convention in conventions
        if (found := _held_together(exercise, function, mistake, convention, alone))
    ]
    kept_to = tuple(program for one in conventions for program in _programs(exercise, function, one.programs(function)))
    return Candidates(singles, tuple(pairs[:PAIRS_LIMIT]), kept_to)


def _held_together(
    exercise: Exercise, function: str, first: Misconception, second: Misconception, alone: set[Hashable]
) -> tuple[Program, ...]:
    """Return the programs of two misconceptions at once, without those of a single one."""
    merged = [
        program
        for one in first.programs(function)
        for other in second.programs(function)
        if (program := together(one, other)) is not None and _switches(program) not in alone
    ]
    return _programs(exercise, function, merged)


def _programs(exercise: Exercise, function: str, several: Sequence[Form]) -> tuple[Program, ...]:
    """Return each program once, without patches that exclude each other."""
    keys = {(function, _switches(one)): one for one in several}
    programs = []
    for key, one in keys.items():
        with contextlib.suppress(PatchError):
            programs.append(Program(key, exercise.program(function, one)))
    return tuple(programs)


def _switches(program: Form) -> Hashable:
    """Return the key that separates two programs."""
    if isinstance(program, Patch):
        return program
    return (program.func, *((name, repr(value)) for name, value in sorted(program.keywords.items())))
