"""The checks of an exercise tried on functions of the course: its reference, its stub, its wrong variants.

These are course files, which we trust: they run in our own process.
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
from grader.sandbox.inside.keras_models import begin_again
from grader.scoring import CriterionScore

if TYPE_CHECKING:
    from grader.report.report import CheckReport

Functions = Mapping[str, Callable[..., Any]]


class Trials:
    """One exercise's checks and its reference. Checks `left_out` are not tried on wrong answers that train."""

    def __init__(
        self, exercise: Exercise, session: CheckSession, reference: ModuleType, left_out: frozenset[str]
    ) -> None:
        self.session = session
        self.left_out = left_out
        self.trains = exercise.rubric.flavour == "keras"
        self._rubric = exercise.rubric
        self._path = exercise.checks_path
        self._source = Source(exercise.checks_path)
        self._ours = {name: getattr(reference, name) for name in self._rubric.functions}

    def fault_of_check(self, check: str, message: str) -> Fault:
        """A fault at the line of a check."""
        return Fault(self._path, self._source.line_of(check), message)

    def excused(self, check: str, keyword: str) -> bool:
        """Return whether a check says why it breaks a rule. If constants pass it, anything else may pass it as well."""
        return any(self.session.reason(check, one) for one in dict.fromkeys((keyword, "constants")))

    def idle_reasons(self, keyword: str, needed: Collection[str], words: str) -> Iterator[Fault]:
        """Report each check whose marker excuses what the check does not do."""
        for check in self.session.checks:
            known = self._rubric.criterion_of(check) is not None and not self.trains
            if known and self.session.reason(check, keyword) and check not in needed:
                yield self.fault_of_check(check, f'the check "{check}" says {words}')

    def direct(self, replaced: Functions) -> DirectCaller:
        """Return a caller of our own functions, some of them replaced."""
        return DirectCaller({**self._ours, **replaced})

    def broken_checks(self, outcomes: Sequence[CheckOutcome], on: str) -> Iterator[Fault]:
        """A check that breaks by itself."""
        for outcome in outcomes:
            if outcome.verdict is Verdict.GRADER_FAULT:
                message = f'the check "{outcome.name}" breaks by itself on {on}: {first(outcome)}'
                yield self.fault_of_check(outcome.name, message)

    def run(self, replaced: Functions, seed: int) -> tuple[CheckOutcome, ...]:
        """Return the outcomes for the reference with some functions replaced."""
        return self.checked(self.direct(replaced), seed)

    def checked(self, caller: Caller, seed: int, function: str | None = None) -> tuple[CheckOutcome, ...]:
        """The outcomes of all checks; where they train, and only `function` is not ours, of those it has a part in."""
        if not self.trains:
            return self.session.run(RunContext(caller, seed, self.direct({})))
        begin_again(seed)
        if function is None:
            return self.session.run(RunContext(caller, seed))
        part = {function, *(name for name, needed in self._rubric.needs.items() if function in needed)}
        tried = [check for one in self._rubric.criteria if one.function in part for check in one.checks]
        # What is left out counts as passed: it takes no points, and its criterion is judged by the others.
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
        """Return the outcomes of the checks named in `only`; `begin` hears the title of each before it runs.

        If checks train, those in `left_out` are not tried.
        """
        if self.trains:
            begin_again(seed)
            only = [check for check in only if check not in self.left_out]
        ours = self.direct({})
        return self.session.run(RunContext(caller, seed, ours, ours, tell=begin, only=only))

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
    """The function with results in float32."""

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
    """Whether a fault of ours is among the checks of a criterion."""
    return any(outcome.verdict is Verdict.GRADER_FAULT for outcome in one.outcomes)


def first(outcome: CheckOutcome | CheckReport) -> str:
    """Return the first line of an outcome's message, or its verdict if it has none."""
    return outcome.message.partition("\n")[0] or outcome.verdict.value
