"""What may explain a function's answers: each known misunderstanding, and each two that can be held together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

from grader.course import Misconception
from grader.course.misconception import together

PAIRS_LIMIT = 2_000


@dataclass(frozen=True)
class Program:
    """A wrong program of ours, and the key that its answers are kept under."""

    key: tuple[str, Hashable]
    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """Of the learner's function that it stands for."""
        return self.key[0]


@dataclass(frozen=True)
class Candidate:
    """Beliefs that may be named, and the programs that holding them leads to.

    The `parts` of a pair are the numbers of its two beliefs among the single ones; a convention has none.
    """

    beliefs: tuple[Misconception, ...]
    programs: tuple[Program, ...]
    parts: tuple[int, ...] = ()

    def without_forms(self) -> Candidate:
        """Its first program alone."""
        return replace(self, programs=self.programs[:1])


@dataclass(frozen=True)
class Candidates:
    """All that may explain one function, and the conventions that it may keep to as well as ours."""

    singles: tuple[Candidate, ...]
    pairs: tuple[Candidate, ...]
    conventions: tuple[Program, ...]


def candidates(function: str, misconceptions: Iterable[Misconception]) -> Candidates:
    """The beliefs about a function.

    A convention costs nothing and is never named; but whoever keeps to one may hold a belief as well.
    """
    about = [one for one in misconceptions if one.programs(function)]
    mistakes = [one for one in about if one.severity == "mistake"]
    conventions = [one for one in about if one.severity == "convention"]
    singles = tuple(Candidate((one,), _programs(function, one.programs(function))) for one in mistakes)
    alone = {_switches(program) for one in mistakes for program in one.programs(function)}
    pairs = [
        Candidate((mistakes[i], mistakes[j]), found, (i, j))
        for i, j in combinations(range(len(mistakes)), 2)
        if (found := _held_together(function, mistakes[i], mistakes[j], alone))
    ]
    pairs += [
        Candidate((mistake,), found, (i,))
        for i, mistake in enumerate(mistakes)
        for convention in conventions
        if (found := _held_together(function, mistake, convention, alone))
    ]
    kept_to = tuple(program for one in conventions for program in _programs(function, one.programs(function)))
    return Candidates(singles, tuple(pairs[:PAIRS_LIMIT]), kept_to)


def _held_together(
    function: str, first: Misconception, second: Misconception, alone: set[Hashable]
) -> tuple[Program, ...]:
    """The programs of two beliefs at once, save those that a single belief leads to as well."""
    merged = [
        program
        for one in first.programs(function)
        for other in second.programs(function)
        if (program := together(one, other)) is not None and _switches(program) not in alone
    ]
    return _programs(function, merged)


def _programs(function: str, several: Sequence[partial[Any]]) -> tuple[Program, ...]:
    """Each once."""
    return tuple({(key := (function, _switches(one))): Program(key, one) for one in several}.values())


def _switches(program: partial[Any]) -> Hashable:
    """What tells two programs apart."""
    return (program.func, *((name, repr(value)) for name, value in sorted(program.keywords.items())))
