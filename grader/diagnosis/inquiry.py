"""Answers of one function held against all that may explain them.

In this order: one belief on all calls; one on all calls that failed; two held together on all calls; a belief for each
result that is wrong; one belief on most calls that failed, where the others fail for another reason. What does not
explain everything must explain more than an exception. Exceptions and shapes are answers like others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.checks.call import Call
from grader.course import Misconception
from grader.diagnosis.answers import Failed, results_among, said, same, same_array
from grader.diagnosis.candidates import Candidate, Candidates, Program
from grader.diagnosis.further import further_calls
from grader.diagnosis.law import Law, Says
from grader.diagnosis.recorder import Recorded
from grader.sandbox.answer import Answer, Stopped

Ask = Callable[[tuple[Any, ...], dict[str, Any]], Answer]
"""Asks the learner's function."""

AnswerOf = Callable[[Program, Recorded], Any]
"""What a program of ours says to a call."""

FURTHER_ASKED = 6
FEWEST_CALLS, FEWEST_NUMBERS = 2, 6  # that a belief must explain where it does not explain all


@dataclass(frozen=True)
class Explanation:
    """Beliefs; or the question that tells those apart that fit, and then none of them.

    `complete` says whether the beliefs explain all that is wrong.
    """

    beliefs: tuple[Misconception, ...]
    separating: str = ""
    complete: bool = True


@dataclass(frozen=True)
class _Held:
    """A call, what the learner's function said to it and what our solution says."""

    call: Recorded
    said: Any
    right: Any

    @property
    def is_wrong(self) -> bool:
        return not same(self.right, self.said)

    def part(self, number: int, results: int) -> _Held:
        """One result alone."""
        return replace(self, said=_part(self.said, number, results), right=_part(self.right, number, results))


class Inquiry:
    """One function of one submission, where it failed."""

    def __init__(
        self,
        reference: Program,
        known: Candidates,
        calls: Sequence[Recorded],
        answer: AnswerOf,
        ask: Ask | None = None,
    ) -> None:
        self._reference = reference
        self._known = known
        self._calls = calls
        self._answer = answer
        self._ask = ask
        self._is_random = any(call.is_random for call in calls)
        # The small calls come first: most candidates part from the learner there, and they cost least.
        held = [self._held(call) for call in sorted(calls, key=lambda one: one.elements)]
        self._wrong = [one for one in held if one.is_wrong]
        self._right = [one for one in held if not one.is_wrong]

    def explanation(self) -> Explanation | None:
        """What explains the answers; None where nothing does."""
        if self._wrong and (found := self._fitting(self._known.singles)):
            return self._decided(found)
        if self._is_random:  # equal bits would say too little about a part
            return self._decided(found) if (found := self._by_law()) else None
        if not self._wrong:
            return None
        if failing := self._on_what_failed():
            return failing
        if found := self._fitting(self._plausible_pairs()):
            return self._decided(found)
        return self._by_result() or self._in_part()

    def _held(self, call: Recorded) -> _Held:
        right = self._answer(self._reference, call)
        results = results_among(right, call) if isinstance(right, tuple) else 0
        return _Held(call, said(call.answer, results), right)

    def _says(self, program: Program, one: _Held) -> Any:
        return self._answer(program, one.call)

    def _agrees(self, program: Program, several: Iterable[_Held]) -> bool:
        return all(same(self._says(program, one), one.said) for one in several)

    def _fitting(self, several: Iterable[Candidate]) -> list[Candidate]:
        """Those of which a program says what the learner's function said, to every call."""
        return [
            one
            for one in several
            if any(self._agrees(each, self._wrong) and self._agrees(each, self._right) for each in one.programs)
        ]

    def _plausible_pairs(self) -> list[Candidate]:
        """The pairs that may explain the smallest call that failed, as far as their beliefs tell each on its own.

        Where one belief changes nothing there, the other alone must give the learner's answer; where both do, they are
        asked together. Other forms of a belief are those that raise.
        """
        first = self._wrong[0]
        raises = any(isinstance(one.said, Failed) for one in self._wrong)
        says = [[self._says(each, first) for each in one.programs] for one in self._known.singles]
        loud = [any(not same(each, first.right) for each in one) for one in says]
        fits = [any(same(each, first.said) for each in one) for one in says]
        plausible = (
            one
            for one in self._known.pairs
            if all(loud[part] for part in one.parts) or any(fits[part] for part in one.parts)
        )
        return [one if raises else one.without_forms() for one in plausible]

    def _on_what_failed(self) -> Explanation | None:
        """The one belief that gives every wrong answer, though it would have given more of them."""
        found = [
            one
            for one in self._known.singles
            if self._agrees(one.programs[0], self._wrong) and self._tells(one.programs[0], self._wrong)
        ]
        return Explanation(found[0].beliefs) if len(found) == 1 else None

    def _tells(self, program: Program, several: Iterable[_Held]) -> bool:
        """Whether agreeing with a program on these calls says something."""
        return _is_evidence(_wrong_numbers(self._says(program, one), one.right) for one in several)

    def _by_result(self) -> Explanation | None:
        """A belief for each wrong result, from all calls: dx may have one and dw another."""
        held = [*self._wrong, *self._right]
        numbers = {results_among(one.right, one.call) for one in held if isinstance(one.right, tuple)}
        if len(numbers) != 1 or (results := numbers.pop()) < 2:
            return None
        fitting: list[list[Candidate]] = []
        for number in range(results):
            parts = [one.part(number, results) for one in held]
            if any(one.is_wrong for one in parts) and not self._is_convention(parts, number, results):
                giving = (one for one in self._known.singles if self._gives(one.programs[0], parts, number, results))
                fitting.append(list(giving))
        beliefs: list[Misconception] = []
        for found in fitting:
            # Of several that explain one result, the one that explains another as well.
            times = [sum(one in other for other in fitting) for one in found]
            best = [one for one, n in zip(found, times, strict=True) if n == max(times)]
            if len(best) == 1:
                beliefs += best[0].beliefs
        return Explanation(tuple(dict.fromkeys(beliefs)), complete=all(fitting)) if beliefs else None

    def _is_convention(self, parts: Sequence[_Held], number: int, results: int) -> bool:
        """Whether a result differs from ours by a convention only."""
        return any(
            all(same(_part(self._says(program, one), number, results), one.said) for one in parts)
            for program in self._known.conventions
        )

    def _gives(self, program: Program, parts: Sequence[_Held], number: int, results: int) -> bool:
        """Whether a program gives one result of the learner's function, wherever it was asked."""
        weights = []
        for one in parts:
            ours = _part(self._says(program, one), number, results)
            if not same(ours, one.said):
                return False
            weights.append(_wrong_numbers(ours, one.right))
        return _is_evidence(weights)

    def _in_part(self) -> Explanation | None:
        """The one belief that explains most of the calls that failed, and contradicts none that did not."""
        explained: dict[frozenset[int], list[Candidate]] = {}
        for one in self._known.singles:
            agreed = self._mostly_agreed(one.programs[0])
            if agreed and self._tells(one.programs[0], [self._wrong[i] for i in agreed]):
                explained.setdefault(agreed, []).append(one)
        largest = [calls for calls in explained if not any(calls < other for other in explained)]
        if len(largest) != 1 or len(explained[largest[0]]) != 1:
            return None
        return Explanation(explained[largest[0]][0].beliefs, complete=False)

    def _mostly_agreed(self, program: Program) -> frozenset[int]:
        """The numbers of the failed calls that a program explains; none where it is not most, or contradicted."""
        agreed: set[int] = set()
        for i, one in enumerate(self._wrong):
            if same(self._says(program, one), one.said):
                agreed.add(i)
            elif 2 * (i + 1 - len(agreed)) > len(self._wrong):
                return frozenset()
        return frozenset(agreed) if self._agrees(program, self._right) else frozenset()

    def _by_law(self) -> list[Candidate]:
        """What draws as the learner's function does, though in another way than ours."""

        def says(program: Program) -> Says:
            return lambda call: self._answer(program, call)

        held = [*self._wrong, *self._right]
        law = Law([one.call for one in held], [one.said for one in held], says(self._reference))
        if law.followed_by(says(self._reference)):
            return []
        found = [one for one in self._known.singles if any(law.followed_by(says(each)) for each in one.programs)]
        if found:
            return found
        # Where the learner is right without chance, both beliefs must be; where not, one at least must not.
        right = [any(law.is_right_without_chance(says(each)) for each in one.programs) for one in self._known.singles]
        learner_right = law.is_right_without_chance()
        return [
            one
            for one in self._known.pairs
            if all(right[part] for part in one.parts) is learner_right
            and any(law.followed_by(says(each)) for each in one.programs)
        ]

    def _decided(self, found: Sequence[Candidate]) -> Explanation:
        """The one that fits, or what all that fit have in common; else the question that would tell them apart."""
        found, separating = self._told_apart(found)
        common = tuple(belief for belief in found[0].beliefs if all(belief in one.beliefs for one in found))
        if common:
            return Explanation(common)
        questions = dict.fromkeys(belief.question for one in found for belief in one.beliefs)
        return Explanation((), separating or " Or: ".join(questions))

    def _told_apart(self, found: Sequence[Candidate]) -> tuple[Sequence[Candidate], str]:
        """Those that go on fitting when the learner's function is asked more; and what it could not be asked."""
        asked = 0
        calls = further_calls(self._calls, self._reference.function) if len(found) > 1 else iter(())
        for call in calls:
            ours = [[self._answer(each, call) for each in one.programs] for one in found]
            if all(same(ours[0][0], one[0]) for one in ours[1:]):
                continue
            answer = self._ask(call.arguments, {}) if self._ask is not None and asked < FURTHER_ASKED else None
            if answer is None or isinstance(answer, Stopped):
                return found, self._question(call)
            asked += 1
            theirs = said(answer, results_among(self._answer(self._reference, call), call))
            left = [one for one, own in zip(found, ours, strict=True) if any(same(each, theirs) for each in own)]
            if not left:  # it is none of them
                return found, self._question(call)
            found = left
            if len(found) == 1:
                break
        return found, ""

    def _question(self, call: Recorded) -> str:
        names = inspect.signature(self._reference.function).parameters
        shown = Call(self._reference.name, dict(zip(names, call.arguments, strict=False)))
        return f"More than one known misunderstanding fits. What should come out of {shown}, and what does?"


def _part(answer: Any, number: int, results: int) -> Any:
    """One result of an answer, with the arguments after the call where they were asked for."""
    if not isinstance(answer, tuple):
        return answer
    return (answer[number], *answer[results:]) if len(answer) >= results else None


def _wrong_numbers(ours: Any, right: Any) -> int:
    """How many numbers of an answer are wrong; a wrong shape counts as one, an exception as none."""
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


def _is_evidence(wrong_numbers: Iterable[int]) -> bool:
    """Enough of what failed is explained to be no chance."""
    counts = [count for count in wrong_numbers if count]
    return len(counts) >= FEWEST_CALLS and sum(counts) >= FEWEST_NUMBERS
