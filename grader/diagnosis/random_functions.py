"""Explain a random function facet by facet.

Each facet of the learner's function is right, as in a known misconception, or something else. Our own
wrong programs are measured with the same calls. The smallest set of misconceptions that
explains the most facets is named; what is something else is located in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from grader.course import Misconception
from grader.course.call_family import CallFamily
from grader.diagnosis.answers import results_among, said
from grader.diagnosis.candidates import Candidates, Program
from grader.diagnosis.deadline import Deadline
from grader.diagnosis.experiment import Situation, arguments_of, experiment, measure, measured, right_answers
from grader.diagnosis.exploration import AskAll
from grader.diagnosis.facets import Facet, Kind, Signature, agree, agreeing, signature_of
from grader.diagnosis.law import Law
from grader.diagnosis.locating import Locator
from grader.diagnosis.recorder import Recorded
from grader.sandbox.answer import Stopped

AT_ONCE = 3  # misconceptions
FORMS_NEEDED = 2  # situations, if a misconception shows in the form of the answers only
SITUATIONS_NEEDED = 2  # in which a law must agree

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
    """The course's side of a random function: its reference, what is known about it, and how it is explored."""

    reference: Program
    known: Candidates
    family: CallFamily
    results: Sequence[str]
    deadline: Deadline | None = None

    @property
    def situations(self) -> Sequence[Situation]:
        """Return the experiment."""
        return experiment(self.family, self.reference)

    def signature(self, program: Program) -> Signature:
        """Return the facets of one of our programs."""
        if self.deadline is not None:
            self.deadline.check()
        right = measured(self.reference, self.family, self.reference)
        return signature_of(measured(program, self.family, self.reference), right)


def explain_random(
    function: RandomFunction, calls: Sequence[Recorded], answer: AnswerOf, ask_all: AskAll
) -> RandomExplanation | None:
    """Return what explains a random function; None if it cannot be asked, or if no facet is wrong.

    `calls` are those of the checks. They show which checks the named misconceptions explain.
    """
    theirs = _measured_of(function, ask_all)
    if theirs is None:
        return None
    right = function.signature(function.reference)
    mine = signature_of(theirs, measured(function.reference, function.family, function.reference))
    wrong = [facet for facet in mine if facet in right and not agree(facet, mine[facet], right[facet])]
    if not wrong:
        return None
    for programs in (1, None):  # the first program of each misconception often suffices, and each one costs 6 ms once
        search = _Search(function, mine, right, wrong, programs)
        named, left = search.best()
        if not any(search.may_be_known(facet) for facet in left):
            break
    misconceptions = tuple(dict.fromkeys(one for i in named for one in function.known.singles[i].misconceptions))
    known = [facet for facet in left if search.may_be_known(facet)]
    words = Locator(function.reference, function.results, function.situations, mine, right).words(
        known or (left if not named else ())
    )
    explains = _explained_checks(function, calls, answer, search.programs(named))
    return RandomExplanation(misconceptions, explains, words, complete=not left)


def _measured_of(function: RandomFunction, ask_all: AskAll) -> list[Any] | None:
    """Return what the learner's function does in each situation, up to the first that it does not end."""
    situations = function.situations
    asked = [call for situation in situations for call in situation.calls]
    answers = list(ask_all([arguments_of(call) for call in asked]))
    found = []
    for situation, right in zip(situations, right_answers(function.family, function.reference), strict=True):
        given, answers = answers[: len(situation.calls)], answers[len(situation.calls) :]
        if len(given) < len(situation.calls) or any(isinstance(one, Stopped) for one in given):
            break
        results = [
            results_among(one, call) if isinstance(one, tuple) else 0
            for one, call in zip(right, situation.calls, strict=True)
        ]
        found.append(measure(situation, [said(one, k) for one, k in zip(given, results, strict=True)], right))
    return found or None


class _Search:
    """The search for the misconceptions that explain the wrong facets of one function."""

    def __init__(
        self,
        function: RandomFunction,
        mine: Signature,
        right: Signature,
        wrong: Sequence[Facet],
        programs: int | None = None,
    ) -> None:
        """Measure our programs; with `programs`, so many of each misconception."""
        self._function = function
        self._mine = mine
        self._right = right
        self._wrong = frozenset(wrong)
        singles = function.known.singles
        self._programs = programs
        signatures = [[function.signature(program) for program in one.programs[:programs]] for one in singles]
        self._alone = [self._explained(several) for several in signatures]
        self._core = [self._always_wrong(several) for several in signatures]
        self._pairs = self._explained_by_pairs()

    def best(self) -> tuple[tuple[int, ...], list[Facet]]:
        """Return the indices of the misconceptions to name, and the wrong facets that they leave unexplained."""
        possible = [i for i in range(len(self._core)) if self._is_possible(i) and self._may_explain(i)]
        best: list[tuple[int, ...]] = [()]
        most = (0, 0, 0, 0)
        for count in range(1, AT_ONCE + 1):
            for several in combinations(possible, count):
                explained = self._explained_by(several)
                if not self._is_sound(several, explained):
                    continue
                contradicted = sum(len(self._core[i] - self._wrong) for i in several)
                borrowed = sum(len(self._core[i] - self._alone[i]) for i in several)
                score = (len(explained), -contradicted, -count, -borrowed)
                if score > most:
                    best, most = [several], score
                elif score == most:
                    best.append(several)
        common = tuple(i for i in best[0] if all(i in other for other in best))
        left = self._wrong - self._explained_by(common)
        return common, sorted(left, key=self._rank)

    def _rank(self, facet: Facet) -> tuple[bool, int, int]:
        """Return the order in which facets are worth a word: an exception that is missing comes last."""
        return not self.may_be_known(facet), facet.kind.value, facet.situation

    def may_be_known(self, facet: Facet) -> bool:
        """Return False for an exception that is missing, which is no misconception."""
        return facet.kind is not Kind.FORM or not self._right[facet]

    def programs(self, named: Sequence[int]) -> list[Program]:
        """Return our programs with some of the named misconceptions, those with most of them first."""
        known = self._function.known
        pairs = [
            program
            for one in known.pairs
            if len(one.parts) == 2 and set(one.parts) <= set(named)
            for program in one.programs
        ]
        return [*pairs, *(program for i in named for program in known.singles[i].programs)]

    def _is_possible(self, i: int) -> bool:
        """Return True if nothing that a misconception always gets wrong is right.

        One exception: a learner may treat a single situation apart, as in `if rate == 0: return x`.
        """
        return all(facet.situation > 0 for facet in self._core[i] - self._wrong)

    def _may_explain(self, i: int) -> bool:
        return bool(self._alone[i]) or any(i in pair for pair in self._pairs)

    def _explained_by(self, several: Sequence[int]) -> frozenset[Facet]:
        found = [self._alone[i] for i in several]
        found += [self._pairs[pair] for pair in combinations(several, 2) if pair in self._pairs]
        return frozenset().union(*found)

    def _is_sound(self, several: Sequence[int], explained: frozenset[Facet]) -> bool:
        """Return True if each misconception is needed, and none of them is contradicted."""
        for i in several:
            others = tuple(other for other in several if other != i)
            only_here = explained - self._explained_by(others)
            if not only_here or (self._core[i] & self._wrong) - explained:
                return False
            own = self._alone[i].union(
                *(found for pair, found in self._pairs.items() if i in pair and set(pair) <= set(several))
            )
            main = {facet for facet in self._core[i] if facet.situation <= 0}
            if main and not main & own:  # what it explains is a side effect of something else
                return False
            forms = sum(one.kind is Kind.FORM for one in only_here)
            if forms == len(only_here) and forms < FORMS_NEEDED:
                return False
        return True

    def _explained(self, signatures: Iterable[Signature]) -> frozenset[Facet]:
        """Return the wrong facets in which the learner's function does what one of our programs does."""
        found = set()
        for signature in signatures:
            for facet in self._wrong:
                if (
                    facet in signature
                    and self._same(facet, signature)
                    and not agree(facet, signature[facet], self._right[facet])
                ):
                    found.add(facet)
        return frozenset(found)

    def _same(self, facet: Facet, signature: Signature) -> bool:
        theirs, ours = self._mine[facet], signature[facet]
        if not agree(facet, theirs, ours):
            return False
        return facet.kind not in (Kind.SHARE, Kind.VALUES) or len(agreeing(facet, theirs, ours)) >= SITUATIONS_NEEDED

    def _always_wrong(self, signatures: Sequence[Signature]) -> frozenset[Facet]:
        """Return the facets in which all programs of a misconception are wrong."""
        wrong = [
            {
                facet
                for facet, value in one.items()
                if facet in self._right and not agree(facet, value, self._right[facet])
            }
            for one in signatures
        ]
        return frozenset(set.intersection(*wrong)) if wrong else frozenset()

    def _explained_by_pairs(self) -> dict[tuple[int, ...], frozenset[Facet]]:
        """Return what pairs explain beyond their parts, if anything is left to explain.

        A part must explain something alone: so many pairs would otherwise fit some law by accident.
        """
        left = self._wrong - frozenset().union(*self._alone)
        left = frozenset(one for one in left if one.kind is not Kind.FORM)
        if not left:
            return {}
        found: dict[tuple[int, ...], frozenset[Facet]] = {}
        for one in self._function.known.pairs:
            told = any(self._alone[i] for i in one.parts)
            if len(one.parts) == 2 and told and all(map(self._is_possible, one.parts)):
                explained = self._explained(map(self._function.signature, one.programs[: self._programs]))
                if explained & left:
                    found[one.parts] = explained
        return found


def _explained_checks(
    function: RandomFunction, calls: Sequence[Recorded], answer: AnswerOf, programs: Sequence[Program]
) -> frozenset[str]:
    """Return the checks whose calls were answered as one of our programs answers them, and not rightly."""
    explained = set()
    for check in dict.fromkeys(call.check for call in calls) if programs else ():
        if function.deadline is not None:
            function.deadline.check()
        asked = [call for call in calls if call.check == check]
        right = [answer(function.reference, call) for call in asked]
        theirs = [
            said(call.answer, results_among(one, call) if isinstance(one, tuple) else 0)
            for call, one in zip(asked, right, strict=True)
        ]
        with np.errstate(all="ignore"):  # answers may be infinite
            law = Law(asked, theirs, _says(answer, function.reference))
            right_law = law.followed_by(_says(answer, function.reference))
            if not right_law and any(law.followed_by(_says(answer, program)) for program in programs):
                explained.add(check)
    return frozenset(explained)


def _says(answer: AnswerOf, program: Program) -> Callable[[Recorded], Any]:
    return lambda call: answer(program, call)
