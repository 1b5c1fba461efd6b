"""Strategies that look for an explanation of a function's wrong answers, tried in this order.

1. One misconception explains all calls.
2. One misconception explains all calls that failed.
3. Two misconceptions together explain all calls.
4. Each wrong result has a misconception of its own.
5. One misconception explains most of the calls that failed, and the others fail for another reason.

A partial explanation must explain more than an exception. Exceptions and shapes are answers like others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence

from grader.checks.call import Call
from grader.course import Misconception
from grader.diagnosis.answers import Failed, results_among, said, same
from grader.diagnosis.candidates import Candidate, Program
from grader.diagnosis.evidence import Evidence, Explanation, Held, is_evidence, part_of, wrong_numbers
from grader.diagnosis.further import further_calls
from grader.diagnosis.recorder import Recorded
from grader.sandbox.answer import Stopped

FURTHER_ASKED = 6

Strategy = Callable[[Evidence], Explanation | None]


def explanation_of(evidence: Evidence) -> Explanation | None:
    """Return the explanation of the first strategy that finds one."""
    strategies = OF_CERTAIN if evidence.wrong and not evidence.is_random else ()
    return next((found for strategy in strategies if (found := strategy(evidence))), None)


def one_explains_all(evidence: Evidence) -> Explanation | None:
    """Look for one misconception that gives the learner's answer to every call."""
    return _decided(evidence, _fitting(evidence, evidence.known.singles)) if evidence.wrong else None


def one_explains_what_failed(evidence: Evidence) -> Explanation | None:
    """Look for the one misconception that gives every wrong answer, even if it would have given more of them."""
    found = [
        one
        for one in evidence.known.singles
        if evidence.agrees(one.programs[0], evidence.wrong) and evidence.tells(one.programs[0], evidence.wrong)
    ]
    return Explanation(found[0].misconceptions) if len(found) == 1 else None


def two_explain_all(evidence: Evidence) -> Explanation | None:
    """Look for two misconceptions that together give the learner's answer to every call."""
    return _decided(evidence, _fitting(evidence, _plausible_pairs(evidence)))


def one_for_each_result(evidence: Evidence) -> Explanation | None:
    """Look for a misconception for each wrong result, in all calls: dx may have one and dw another."""
    held = evidence.held
    numbers = {results_among(one.right, one.call) for one in held if isinstance(one.right, tuple)}
    if len(numbers) != 1 or (results := numbers.pop()) < 2:
        return None
    fitting: list[list[Candidate]] = []
    for number in range(results):
        parts = [one.part(number, results) for one in held]
        if any(one.is_wrong for one in parts) and not _is_convention(evidence, parts, number, results):
            known = evidence.known.singles
            fitting.append([one for one in known if _gives(evidence, one.programs[0], parts, number, results)])
    named: list[Misconception] = []
    for found in fitting:
        # If several explain one result, take the one that explains another result as well.
        times = [sum(one in other for other in fitting) for one in found]
        best = [one for one, n in zip(found, times, strict=True) if n == max(times)]
        if len(best) == 1:
            named += best[0].misconceptions
    return Explanation(tuple(dict.fromkeys(named)), complete=all(fitting)) if named else None


def one_explains_most(evidence: Evidence) -> Explanation | None:
    """Look for the one misconception that explains most of the calls that failed, and contradicts no other call."""
    explained: dict[frozenset[int], list[Candidate]] = {}
    for one in evidence.known.singles:
        agreed = _mostly_agreed(evidence, one.programs[0])
        if agreed and evidence.tells(one.programs[0], [evidence.wrong[i] for i in agreed]):
            explained.setdefault(agreed, []).append(one)
    largest = [calls for calls in explained if not any(calls < other for other in explained)]
    if len(largest) != 1 or len(explained[largest[0]]) != 1:
        return None
    return Explanation(explained[largest[0]][0].misconceptions, complete=False)


OF_CERTAIN: tuple[Strategy, ...] = (
    one_explains_all, one_explains_what_failed, two_explain_all, one_for_each_result, one_explains_most,
)  # fmt: skip


def _fitting(evidence: Evidence, several: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates with a program that gives the learner's answer to every call."""
    return [
        one
        for one in several
        if any(evidence.agrees(each, evidence.wrong) and evidence.agrees(each, evidence.right) for each in one.programs)
    ]


def _plausible_pairs(evidence: Evidence) -> list[Candidate]:
    """Return the pairs that may explain the smallest failed call, judged by the answers of each part alone.

    If one part changes nothing in that call, the other alone must give the learner's answer; if both change it, they
    are asked together. Other forms of a misconception matter only if the learner's function raises.
    """
    first = evidence.wrong[0]
    raises = any(isinstance(one.said, Failed) for one in evidence.wrong)
    says = [[evidence.says(each, first) for each in one.programs] for one in evidence.known.singles]
    loud = [any(not same(each, first.right) for each in one) for one in says]
    fits = [any(same(each, first.said) for each in one) for one in says]
    plausible = (
        one
        for one in evidence.known.pairs
        if all(loud[part] for part in one.parts) or any(fits[part] for part in one.parts)
    )
    return [one if raises else one.without_forms() for one in plausible]


def _is_convention(evidence: Evidence, parts: Sequence[Held], number: int, results: int) -> bool:
    """Return True if a result differs from ours by a convention only."""
    return any(
        all(same(part_of(evidence.says(program, one), number, results), one.said) for one in parts)
        for program in evidence.known.conventions
    )


def _gives(evidence: Evidence, program: Program, parts: Sequence[Held], number: int, results: int) -> bool:
    """Return True if a program gives one result of the learner's function in every call."""
    weights = []
    for one in parts:
        ours = part_of(evidence.says(program, one), number, results)
        if not same(ours, one.said):
            return False
        weights.append(wrong_numbers(ours, one.right))
    return is_evidence(weights)


def _mostly_agreed(evidence: Evidence, program: Program) -> frozenset[int]:
    """Return the indices of the failed calls that a program explains; empty if they are few, or a call contradicts."""
    agreed: set[int] = set()
    for i, one in enumerate(evidence.wrong):
        if same(evidence.says(program, one), one.said):
            agreed.add(i)
        elif 2 * (i + 1 - len(agreed)) > len(evidence.wrong):
            return frozenset()
    return frozenset(agreed) if evidence.agrees(program, evidence.right) else frozenset()


def _decided(evidence: Evidence, fitting: Sequence[Candidate]) -> Explanation | None:
    """Return the candidate that fits, or what all that fit have in common; else the question that separates them."""
    if not fitting:
        return None
    left, separating = _separated(evidence, fitting)
    common = tuple(part for part in left[0].misconceptions if all(part in one.misconceptions for one in left))
    if common:
        return Explanation(common)
    questions = dict.fromkeys(part.question for one in left for part in one.misconceptions)
    return Explanation((), separating or " Or: ".join(questions))


def _separated(evidence: Evidence, found: Sequence[Candidate]) -> tuple[Sequence[Candidate], str]:
    """Return the candidates that still fit after further questions, and the question that could not be asked."""
    asked = 0
    calls = further_calls(evidence.calls, evidence.reference.function) if len(found) > 1 else iter(())
    for call in calls:
        ours = [[evidence.answer(each, call) for each in one.programs] for one in found]
        if all(same(ours[0][0], one[0]) for one in ours[1:]):
            continue
        ask = evidence.ask if asked < FURTHER_ASKED else None
        answer = ask(call.arguments, {}) if ask is not None else None
        if answer is None or isinstance(answer, Stopped):
            return found, _question(evidence.reference, call)
        asked += 1
        theirs = said(answer, results_among(evidence.answer(evidence.reference, call), call))
        left = [one for one, own in zip(found, ours, strict=True) if any(same(each, theirs) for each in own)]
        if not left:  # the learner's function does something else
            return found, _question(evidence.reference, call)
        found = left
        if len(found) == 1:
            break
    return found, ""


def _question(reference: Program, call: Recorded) -> str:
    names = inspect.signature(reference.function).parameters
    shown = Call(reference.name, dict(zip(names, call.arguments, strict=False)))
    return f"More than one known misunderstanding fits. What should come out of {shown}, and what does?"
