"""Check functions that call wrong ones a second time, with right ones in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.checks import CheckOutcome, Verdict
from grader.checks.session import CheckSession, RunContext
from grader.course import Rubric
from grader.diagnosis import Recorded
from grader.sandbox import Caller, Raised, Reason, Sandboxed, Substitutes
from grader.submission import Submission

POINTLESS = (Reason.NOT_DEFINED, Reason.TOO_SLOW)
"""Right functions change nothing here: there is no caller, or it was right and slow."""


@dataclass(frozen=True)
class Again:
    """Failed checks of one function, and the wrong functions that it may have called."""

    caller: str
    names: frozenset[str]
    checks: tuple[str, ...]


def to_check_again(
    rubric: Rubric,
    outcomes: Sequence[CheckOutcome],
    calls: Mapping[str, Sequence[Recorded]],
    submission: Submission,
) -> Iterator[Again]:
    """Yield what may pass with right functions in place of wrong ones, as the rubric allows.

    A function is wrong if one of its checks failed. A stub, and a file that never mentions a wrong function outside its
    definition, would fail again in the same way.
    """
    if not rubric.carry_forward.substitutes or not rubric.may_call:
        return
    failed: dict[str, list[CheckOutcome]] = {}
    for outcome in outcomes:
        criterion = rubric.criterion_of(outcome.name)
        if outcome.verdict is Verdict.FAILED and criterion is not None:
            failed.setdefault(criterion.function, []).append(outcome)
    for caller, called in rubric.may_call.items():
        names = frozenset(name for name in called if name in failed and _is_mentioned(name, submission))
        checks = tuple(one.name for one in failed.get(caller, ()) if one.reason not in POINTLESS)
        if names and checks and not _is_stub(caller, calls.get(caller, ())):
            yield Again(caller, names, checks)


def better_of(
    again: Again,
    outcomes: Sequence[CheckOutcome],
    reference: Caller,
    checks: CheckSession,
    start: Callable[[Substitutes], Sandboxed],
    context: RunContext,
) -> tuple[CheckOutcome, ...]:
    """Return the outcomes, in which each check that now passes with a right function counts as passed.

    `start` returns a fresh sandbox of the submission with these substitutes, and `context` is that of the first run. A
    check that asked for nothing keeps its first outcome, whatever it does the second time.
    """
    substitutes = Substitutes(again.caller, again.names, reference)
    asked: dict[str, set[str]] = {}

    def begin(check: str) -> None:
        substitutes.asked = asked.setdefault(check, set())

    with start(substitutes) as sandboxed:
        if sandboxed.load() is not None:
            return tuple(outcomes)
        second = replace(context, caller=sandboxed, tell=lambda title: None, begin=begin, only=again.checks)
        passed = {
            outcome.name: replace(outcome, checked_with=_in_order(asked[outcome.name], again.names))
            for outcome in checks.run(second)
            if outcome.verdict is Verdict.PASSED and asked[outcome.name]
        }
    return tuple(passed.get(outcome.name, outcome) for outcome in outcomes)


def _in_order(asked: Collection[str], names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if name in asked))


def _is_mentioned(name: str, submission: Submission) -> bool:
    """Return whether a file contains this name more often than it defines it."""
    return any(
        len(re.findall(rf"\b{name}\b", file.text)) > len(re.findall(rf"\bdef\s+{name}\b", file.text))
        for file in submission.files
    )


def _is_stub(function: str, calls: Sequence[Recorded]) -> bool:
    """Return whether each call ended in the function itself, because it is not written yet."""
    answers = [call.answer for call in calls]
    return bool(answers) and all(
        isinstance(one, Raised)
        and one.reason is Reason.NOT_IMPLEMENTED
        and bool(one.lines)
        and one.lines[-1].function == function
        for one in answers
    )
