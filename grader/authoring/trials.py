"""Try the checks of an exercise on functions of the course: its reference and the variants of it.

Course files are trusted, so they run in our own process.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.authoring.course_source import Source
from grader.checks import CheckOutcome, DirectCaller, Verdict
from grader.checks.session import CheckSession, RunContext
from grader.course import Exercise, Fault
from grader.sandbox import Caller
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.inside.keras_models import begin_again
from grader.scoring import CriterionScore
from grader.scoring.score import DECIMALS

if TYPE_CHECKING:
    from grader.report.report import CheckReport

Functions = Mapping[str, Callable[..., Any]]


class Trials:
    """The checks of one exercise, and its reference. If checks train, those in `left_out` are not tried."""

    def __init__(
        self, exercise: Exercise, session: CheckSession, reference: ModuleType, left_out: frozenset[str]
    ) -> None:
        self.session = session
        self.left_out = left_out
        self.uses_keras = FLAVOURS[exercise.rubric.flavour].uses_keras
        self._rubric = exercise.rubric
        self._path = exercise.checks_path
        self._source = Source(exercise.checks_path)
        self._ours = {name: getattr(reference, name) for name in self._rubric.functions}

    def fault_of_check(self, check: str, message: str) -> Fault:
        """Return a fault at the line of a check."""
        return Fault(self._path, self._source.line_of(check), message)

    def excused(self, check: str, keyword: str) -> bool:
        """Return True if the marker of a check says why it breaks a rule. If constants may pass, anything may pass."""
        return any(self.session.reason(check, one) for one in dict.fromkeys((keyword, "constants")))

    def points_for(self, check: str, passed: Collection[str]) -> float:
        """Return the points that a check gives if all of `passed` pass: its share, or those of the whole criterion."""
        criterion = self._rubric.criterion_of(check)
        if criterion is None:
            return 0.0
        if criterion.whole:
            return criterion.points if set(criterion.checks) <= set(passed) else 0.0
        return round(criterion.share(check), DECIMALS)

    def idle_reasons(self, keyword: str, needed: Collection[str], words: str) -> Iterator[Fault]:
        """Report each check with a reason in its marker that it does not need."""
        for check in self.session.checks:
            known = self._rubric.criterion_of(check) is not None and not self.uses_keras
            if known and self.session.reason(check, keyword) and check not in needed:
                yield self.fault_of_check(check, f'the check "{check}" says {words}')

    def direct(self, replaced: Functions) -> DirectCaller:
        """Return a caller of the reference with some functions replaced."""
        return DirectCaller({**self._ours, **replaced})

    def broken_checks(self, outcomes: Sequence[CheckOutcome], on: str) -> Iterator[Fault]:
        """Report each check that crashed."""
        for outcome in outcomes:
            if outcome.verdict is Verdict.GRADER_FAULT:
                message = f'the check "{outcome.name}" crashes on {on}: {first(outcome)}'
                yield self.fault_of_check(outcome.name, message)

    def run(self, replaced: Functions, seed: int) -> tuple[CheckOutcome, ...]:
        """Return the outcomes for the reference with some functions replaced."""
        return self.checked(self.direct(replaced), seed)

    def checked(
        self, caller: Caller, seed: int, function: str | None = None, begin: Callable[[str], None] = lambda check: None
    ) -> tuple[CheckOutcome, ...]:
        """Return the outcomes of all checks. Call `begin` with the name of each check before it runs.

        If checks train, run only those that `function` can affect.
        """
        if not self.uses_keras:
            return self.session.run(RunContext(caller, seed, begin=begin))
        begin_again(seed)
        if function is None:
            return self.session.run(RunContext(caller, seed))
        part = {function, *(name for name, needed in self._rubric.needs.items() if function in needed)}
        tried = [check for one in self._rubric.criteria if one.function in part for check in one.checks]
        # A check that is left out counts as passed, so that the other checks of its criterion decide.
        left_out = [
            CheckOutcome(check, self.session.title_of(check), Verdict.PASSED)
            for check in tried
            if check in self.left_out
        ]
        chosen = [check for check in tried if check not in self.left_out]
        outcomes = self.session.run(RunContext(caller, seed, only=chosen))
        return (*outcomes, *left_out)

    def altered(
        self, caller: Caller, seed: int, only: Sequence[str], begin: Callable[[str], None] = lambda title: None
    ) -> tuple[CheckOutcome, ...]:
        """Return the outcomes of the checks in `only`. Call `begin` with the title of each check before it runs."""
        if self.uses_keras:
            begin_again(seed)
            only = [check for check in only if check not in self.left_out]
        ours = self.direct({})
        return self.session.run(RunContext(caller, seed, ours, tell=begin, only=only))

    @property
    def most_results(self) -> int:
        """The largest number of results of a function."""
        return max(map(len, self._rubric.functions.values()))

    @property
    def checks_of_several_results(self) -> list[str]:
        """The checks of functions that return more than one result."""
        criteria = [one for one in self._rubric.criteria if len(self._rubric.functions[one.function]) > 1]
        return [check for one in criteria for check in one.checks]


def rounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its results in float32."""

    def single(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(single(part) for part in value)
        is_real = isinstance(value, np.ndarray) and value.dtype == np.float64
        return value.astype(np.float32) if is_real else value

    @functools.wraps(function)
    def rounded(*arguments: Any, **named: Any) -> Any:
        return single(function(*arguments, **named))

    return rounded


def has_fault(one: CriterionScore) -> bool:
    """Return True if a check of the criterion has crashed."""
    return any(outcome.verdict is Verdict.GRADER_FAULT for outcome in one.outcomes)


def first(outcome: CheckOutcome | CheckReport) -> str:
    """Return the first line of an outcome's message, or its verdict if it has none."""
    return outcome.message.partition("\n")[0] or outcome.verdict.value
