"""Explain a random function facet by facet.

Each facet of the learner's function is right, matches a known misconception, or is something else. Our
wrong programs are measured with the same calls. The smallest set of misconceptions that
explains the most facets is named; what is something else is located in words.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import permutations
from typing import Any

import numpy as np

from grader.course import Misconception, UnknownQuestionError
from grader.course.call_family import CallFamily
from grader.diagnosis.answers import results_among, said
from grader.diagnosis.candidates import Candidates, Program
from grader.diagnosis.deadline import Deadline
from grader.diagnosis.experiment import (
    Measured,
    Situation,
    arguments_of,
    experiment,
    measure,
    measured,
    right_answers,
)
from grader.diagnosis.exploration import AskAll
from grader.diagnosis.facets import Facet, Kind, OurSignature, Signature, signature_of, wrong_facets
from grader.diagnosis.law import Law
from grader.diagnosis.locating import Locator
from grader.diagnosis.measurements import OfProgram
from grader.diagnosis.recorder import Recorded
from grader.diagnosis.refused import refusal_of
from grader.diagnosis.shared_facets import FacetSearch
from grader.sandbox.answer import Answer, Stopped

KEPT_SIGNATURES = 10_000  # about 3 KiB each
AnswerOf = Callable[[Program, Recorded], Any]
"""Returns the answer of one of our programs to a call."""


@dataclass(frozen=True)
class RandomExplanation:
    """The misconceptions that explain a random function. `explains` names the checks whose answers follow them."""

    misconceptions: tuple[Misconception, ...]
    explains: frozenset[str]
    located: str
    complete: bool


@dataclass(frozen=True)
class RandomFunction:
    """The course's side of a random function: its reference, what is known about it, and how it is explored.

    `titles` are those of the criteria, by the names of their checks. `stored` are measurements of programs, by the keys
    of their forms; the other programs are measured when they are needed. `told` keeps the signatures of our programs
    from one submission to the next.
    """

    reference: Program
    known: Candidates
    family: CallFamily
    results: Sequence[str]
    titles: Mapping[str, str]
    deadline: Deadline | None = None
    stored: Mapping[bytes, OfProgram] = field(default_factory=dict)
    told: dict[tuple[Hashable, tuple[int, ...]], OurSignature] = field(default_factory=dict)

    @property
    def situations(self) -> Sequence[Situation]:
        """Return the experiment."""
        return experiment(self.family, self.reference)

    @cached_property
    def right(self) -> Mapping[int, Measured]:
        """Return what the reference does in each situation."""
        return self.measured(self.reference, range(len(self.situations)))

    def measured(self, program: Program, numbers: Sequence[int]) -> Mapping[int, Measured]:
        """Return what one of our programs does in some of the situations."""
        if self.deadline is not None:
            self.deadline.check_now_and_then()
        if program.form in self.stored:
            return {i: self.stored[program.form][i] for i in numbers}
        return {i: measured(program, self.family, self.reference, i) for i in numbers}

    @cached_property
    def right_signature(self) -> Signature:
        """Return the facets of the reference in all situations."""
        return signature_of(self.right, self.right)

    def signature(self, program: Program, numbers: Sequence[int]) -> OurSignature:
        """Return the facets of one of our programs in some of the situations."""
        place = (program.key, tuple(numbers))
        if place not in self.told:
            if len(self.told) >= KEPT_SIGNATURES:
                self.told.clear()
            signature = signature_of(self.measured(program, numbers), self.right)
            self.told[place] = OurSignature(signature, frozenset(wrong_facets(signature, self.right_signature)))
        return self.told[place]


def explain_random(
    function: RandomFunction, calls: Sequence[Recorded], failed: Sequence[str], answer: AnswerOf, ask_all: AskAll
) -> RandomExplanation | None:
    """Return what explains a random function; None if it cannot be asked, or if nothing about it is wrong.

    `calls` are those of the checks that failed, as far as they were recorded. They show which of these the named
    misconceptions explain.
    """
    answers = _answered(function, ask_all)
    theirs = _measured(function, answers)
    if not theirs:
        return None
    mine = signature_of(theirs, function.right)
    right = function.right_signature
    wrong = wrong_facets(mine, right)
    if not wrong:
        words = _of_the_checks(function, calls, failed, answer)
        return RandomExplanation((), frozenset(), words, complete=False) if words else None
    refused = [facet for facet in wrong if is_refusal(facet, right)]
    named, left = _named(function, mine, right, [facet for facet in wrong if facet not in refused])
    refusal = refusal_of(function, theirs, alone=len(refused) == len(wrong))
    if refusal is None:
        left = [*left, *refused]
    else:
        named = (*named, refusal)
    known = [facet for facet in left if facet not in refused]
    words = Locator(function.reference, function.results, function.situations, mine, right).words(
        known or (left if not named else ())
    )
    if not named:
        words = _another_order(function, answers, right) or words
    mistakes = tuple(function.known.mistakes[i] for i in named)
    explains = _explained_checks(function, calls, answer, _programs(function, named))
    return RandomExplanation(mistakes, explains, words, complete=not left)


def is_refusal(facet: Facet, right: Signature) -> bool:
    """Return True for a facet about an exception that the function must raise."""
    return facet.kind is Kind.FORM and bool(right[facet])


def _named(
    function: RandomFunction, mine: Signature, right: Signature, wrong: Sequence[Facet]
) -> tuple[tuple[int, ...], list[Facet]]:
    """Return the misconceptions to name for these facets, and the facets that they leave unexplained.

    The first program of each misconception often suffices, so the others are measured only if it does not.
    """
    named: tuple[int, ...] = ()
    left = list(wrong)
    for programs, pairs in ((1, False), (None, False), (None, True)):
        if not left or (pairs and all(facet.kind is Kind.FORM for facet in left)):
            break
        search = FacetSearch(function, mine, right, wrong, programs, pairs=pairs)
        named, left = search.best()
        if not left and len(named) > 1 and programs is not None:  # another program may be that of one alone
            named, left = FacetSearch(function, mine, right, wrong).best()
    return named, left


def _programs(function: RandomFunction, named: Sequence[int]) -> list[Program]:
    """Return our programs with some of the named misconceptions, those with most of them first."""
    known = function.known
    pairs = [program for i in named for j in named if i < j for program in known.pair(i, j)]
    return [*pairs, *(program for i in named for program in known.programs(i))]


def _answered(function: RandomFunction, ask_all: AskAll) -> list[Sequence[Answer]]:
    """Return the learner's answers in each situation, up to the first that does not end."""
    answers = list(ask_all([arguments_of(call) for one in function.situations for call in one.calls]))
    found: list[Sequence[Answer]] = []
    for situation in function.situations:
        given, answers = answers[: len(situation.calls)], answers[len(situation.calls) :]
        if len(given) < len(situation.calls) or any(isinstance(one, Stopped) for one in given):
            break
        found.append(given)
    return found


def _measured(
    function: RandomFunction, answers: Sequence[Sequence[Answer]], order: Sequence[int] = ()
) -> dict[int, Measured]:
    """Return what the learner's function does in each situation, if its results are taken in a different order."""
    found = {}
    several = zip(function.situations, answers, right_answers(function.family, function.reference), strict=False)
    for i, (situation, given, right) in enumerate(several):
        results = [
            results_among(one, call) if isinstance(one, tuple) else 0
            for one, call in zip(right, situation.calls, strict=True)
        ]
        theirs = [said(one, k) for one, k in zip(given, results, strict=True)]
        if order:
            theirs = [_ordered(one, order) for one in theirs]
        found[i] = measure(situation, theirs, right)
    return found


def _ordered(answer: Any, order: Sequence[int]) -> Any:
    if not isinstance(answer, tuple) or len(answer) < len(order):
        return answer
    return (*(answer[k] for k in order), *answer[len(order) :])


def _another_order(function: RandomFunction, answers: Sequence[Sequence[Answer]], right: Signature) -> str:
    """Return the sentence for results that are right but in a different order; empty if they are not."""
    names = function.results
    for order in permutations(range(len(names))):
        if order == tuple(range(len(names))):
            continue
        mine = signature_of(_measured(function, answers, order), function.right)
        if all(is_refusal(facet, right) for facet in wrong_facets(mine, right)):
            seen = " and ".join(names[order.index(k)] for k in range(len(names)))
            return (
                f"The results are right, but in a different order: it returns {seen}; expected {' and '.join(names)}."
            )
    return ""


def _of_the_checks(function: RandomFunction, calls: Sequence[Recorded], failed: Sequence[str], answer: AnswerOf) -> str:
    """Return a sentence about the first check whose answers are not right, else about the first that failed."""
    for check in dict.fromkeys(call.check for call in calls):
        law = _law_of(function, [call for call in calls if call.check == check], answer)
        with np.errstate(all="ignore"):
            if law is not None and not law.followed_by(_says(answer, function.reference)):
                return _wrong_in(function, check)
    return _wrong_in(function, failed[0]) if failed else ""


def _wrong_in(function: RandomFunction, check: str) -> str:
    return f'Right for the inputs that were tried; wrong in the check "{function.titles.get(check, check)}".'


def _law_of(function: RandomFunction, calls: Sequence[Recorded], answer: AnswerOf) -> Law | None:
    """Return the law of the learner's answers in a check; None if a kit does not have the right ones."""
    if function.deadline is not None:
        function.deadline.check()
    try:
        right = [answer(function.reference, call) for call in calls]
        theirs = [
            said(call.answer, results_among(one, call) if isinstance(one, tuple) else 0)
            for call, one in zip(calls, right, strict=True)
        ]
        with np.errstate(all="ignore"):  # answers may be infinite
            return Law(calls, theirs, _says(answer, function.reference))
    except UnknownQuestionError:
        return None


def _explained_checks(
    function: RandomFunction, calls: Sequence[Recorded], answer: AnswerOf, programs: Sequence[Program]
) -> frozenset[str]:
    """Return the checks whose calls were answered as one of our programs answers them, and not rightly."""
    explained = set()
    for check in dict.fromkeys(call.check for call in calls) if programs else ():
        law = _law_of(function, [call for call in calls if call.check == check], answer)
        with np.errstate(all="ignore"):
            right = law is None or law.followed_by(_says(answer, function.reference))
            if law is not None and not right and any(_follows(law, answer, program) for program in programs):
                explained.add(check)
    return frozenset(explained)


def _follows(law: Law, answer: AnswerOf, program: Program) -> bool:
    """Return True if a program draws as the learner's function does; False if a kit does not have its answers."""
    try:
        return law.followed_by(_says(answer, program))
    except UnknownQuestionError:
        return False


def _says(answer: AnswerOf, program: Program) -> Callable[[Recorded], Any]:
    return lambda call: answer(program, call)
