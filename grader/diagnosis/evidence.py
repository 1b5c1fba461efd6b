"""The evidence about one function: what it was asked, what it answered, and what our own programs answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from grader.course import Misconception
from grader.diagnosis.answers import results_among, said, same, same_array
from grader.diagnosis.candidates import Candidates, Program
from grader.diagnosis.recorder import Recorded
from grader.sandbox.answer import Answer

Ask = Callable[[tuple[Any, ...], dict[str, Any]], Answer]
"""Asks the learner's function."""

AnswerOf = Callable[[Program, Recorded], Any]
"""Returns the answer of one of our programs to a call."""

FEWEST_CALLS, FEWEST_NUMBERS = 2, 6  # that a misconception must explain if it does not explain everything


@dataclass(frozen=True)
class Explanation:
    """Misconceptions that explain the answers. If several fit, none is named: `separating` asks which one it is.

    `complete` says whether the misconceptions explain everything that is wrong.
    """

    misconceptions: tuple[Misconception, ...]
    separating: str = ""
    complete: bool = True


@dataclass(frozen=True)
class Held:
    """A call with two answers to it: the learner's in `said`, and our reference's in `right`."""

    call: Recorded
    said: Any
    right: Any

    @cached_property
    def is_wrong(self) -> bool:
        """Return True if the answers differ."""
        return not same(self.right, self.said)

    def part(self, number: int, results: int) -> Held:
        """Return the call with one result alone."""
        return replace(self, said=part_of(self.said, number, results), right=part_of(self.right, number, results))


@dataclass(frozen=True)
class Evidence:
    """All that is known about one function of one submission that failed a check."""

    reference: Program
    known: Candidates
    calls: Sequence[Recorded]
    wrong: Sequence[Held]
    right: Sequence[Held]
    answer: AnswerOf
    ask: Ask | None = None

    @property
    def held(self) -> list[Held]:
        """Return all calls, those with a wrong answer first."""
        return [*self.wrong, *self.right]

    @property
    def is_random(self) -> bool:
        """Return True if any call was given a generator."""
        return any(call.is_random for call in self.calls)

    def says(self, program: Program, one: Held) -> Any:
        """Return the answer of one of our programs."""
        return self.answer(program, one.call)

    def agrees(self, program: Program, several: Iterable[Held]) -> bool:
        """Return True if a program gives the learner's answer to each of these calls."""
        return all(same(self.says(program, one), one.said) for one in several)

    def tells(self, program: Program, several: Iterable[Held]) -> bool:
        """Return True if agreement with a program on these calls is more than a coincidence."""
        return is_evidence(wrong_numbers(self.says(program, one), one.right) for one in several)


def gather(
    reference: Program, known: Candidates, calls: Sequence[Recorded], answer: AnswerOf, ask: Ask | None = None
) -> Evidence:
    """Return the evidence in these calls. `ask` asks the learner's function once more."""
    held = []
    # The small calls come first: most candidates differ from the learner there, and they cost least.
    for call in sorted(calls, key=lambda one: one.elements):
        right = answer(reference, call)
        results = results_among(right, call) if isinstance(right, tuple) else 0
        held.append(Held(call, said(call.answer, results), right))
    wrong = [one for one in held if one.is_wrong]
    return Evidence(reference, known, calls, wrong, [one for one in held if not one.is_wrong], answer, ask)


def part_of(answer: Any, number: int, results: int) -> Any:
    """Return one result of an answer, with the arguments after the call if they were asked for."""
    if not isinstance(answer, tuple):
        return answer
    return (answer[number], *answer[results:]) if len(answer) >= results else None


def wrong_numbers(ours: Any, right: Any) -> int:
    """Return how many numbers of an answer are wrong; a wrong shape counts as one, an exception as none."""
    if not isinstance(ours, tuple) or not isinstance(right, tuple):
        return 0
    if len(ours) != len(right):
        return 1
    wrong = 0
    for one, other in zip(ours, right, strict=True):
        if one.shape != other.shape:
            wrong += 1
        elif not same_array(one, other):
            with np.errstate(all="ignore"):
                wrong += int((~np.isclose(one, other, equal_nan=True)).sum())
    return wrong


def is_evidence(counts: Iterable[int]) -> bool:
    """Return True if so many wrong numbers, counted per call, are too many for a coincidence."""
    counted = [count for count in counts if count]
    return len(counted) >= FEWEST_CALLS and sum(counted) >= FEWEST_NUMBERS
