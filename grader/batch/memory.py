"""Answers from memory: a table of one seed's answers must pass no check under another seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.batch.trials import Trials
from grader.checks import Verdict
from grader.checks.submission import Caller
from grader.course import Fault
from grader.diagnosis import question_digest
from grader.sandbox import Answer, Returned

Table = dict[bytes, Answer]


class LearningCaller:
    """Asks the reference each question once, and keeps its answers in a table."""

    def __init__(self, reference: Caller) -> None:
        self._reference = reference
        self.table: Table = {}

    def call(
        self,
        function: str,
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
        *,
        return_arguments: bool = False,
        silently: bool = False,
    ) -> Answer:
        """Return the reference's answer."""
        question = question_digest(f"{function} {return_arguments}", arguments, named)
        if question not in self.table:
            self.table[question] = self._reference.call(
                function, arguments, named, return_arguments=return_arguments, silently=silently
            )
        return self.table[question]


class MemoryCaller:
    """Answers from a table; to a question that is not in it, it returns None."""

    def __init__(self, reference: Caller, table: Table) -> None:
        self._reference = reference
        self._table = table

    def call(
        self,
        function: str,
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
        *,
        return_arguments: bool = False,
        silently: bool = False,
    ) -> Answer:
        """Return the answer in the table. Operations on models are the grader's own: the reference answers them."""
        if function.startswith("@"):
            return self._reference.call(function, arguments, named, silently=silently)
        question = question_digest(f"{function} {return_arguments}", arguments, named)
        return self._table.get(question, Returned(None, arguments))


def asked_once(trials: Trials) -> Caller:
    """Return a caller that asks the reference each question once; if it trains models, no two answers are the same."""
    return trials.direct({}) if trials.trains else LearningCaller(trials.direct({}))


def table_of(trials: Trials, seed: int) -> Table:
    """Return all questions of a seed with the reference's answers."""
    learning = LearningCaller(trials.direct({}))
    trials.checked(learning, seed)
    return learning.table


def passed_from_memory(trials: Trials, seeds: Sequence[int]) -> Iterator[Fault]:
    """Report each check that a table of the first seed's answers passes under another seed, unless it says why."""
    first, *others = seeds if len(seeds) > 1 else (*seeds, seeds[0] + 1)
    table = table_of(trials, first)
    passing: set[str] = set()
    for seed in others:
        for outcome in trials.checked(MemoryCaller(trials.direct({}), table), seed):
            check = outcome.name
            if outcome.verdict is not Verdict.PASSED or check in passing:
                continue
            passing.add(check)
            if not trials.excused(check, "fixed"):
                message = (
                    f'the check "{check}" asks the same under seed {seed} as under seed {first}; '
                    'draw its inputs from `rng`, or add fixed="why they are the same" to its marker'
                )
                yield trials.fault_of_check(check, message)
    yield from trials.idle_reasons("fixed", passing, "why all seeds ask the same, but their inputs differ")
