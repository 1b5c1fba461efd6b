"""Answers from memory: what one seed asks must be of no use under another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.batch.trials import Trials
from grader.checks import Verdict
from grader.checks.submission import Caller
from grader.course import Fault
from grader.sandbox import Answer, Returned

Table = dict[bytes, Answer]


def question(function: str, arguments: Sequence[Any], named: Mapping[str, Any], return_arguments: bool) -> bytes:
    """Return a digest that is the same for the same question."""
    digest = hashlib.blake2b(f"{function} {return_arguments}".encode(), digest_size=16)
    for value in (*arguments, *(part for pair in sorted(named.items()) for part in pair)):
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype.str}{value.shape}".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        elif isinstance(value, np.random.Generator):
            digest.update(repr(value.bit_generator.state).encode())
        else:
            digest.update(repr(value).encode())
    return digest.digest()


class LearningCaller:
    """Asks the reference each question once, and writes a table of its answers."""

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
        asked = question(function, arguments, named, return_arguments)
        if asked not in self.table:
            self.table[asked] = self._reference.call(
                function, arguments, named, return_arguments=return_arguments, silently=silently
            )
        return self.table[asked]


class MemoryCaller:
    """Answers what stands in a table, and does nothing if it does not know the question."""

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
        """Return the answer in the table; operations on models are the grader's own and go to the reference."""
        if function.startswith("@"):
            return self._reference.call(function, arguments, named, silently=silently)
        asked = question(function, arguments, named, return_arguments)
        return self._table.get(asked, Returned(None, arguments))


def asked_once(trials: Trials) -> Caller:
    """Return the reference, asked each question once; where it trains models, an answer is not the same twice."""
    return trials.direct({}) if trials.trains else LearningCaller(trials.direct({}))


def table_of(trials: Trials, seed: int) -> Table:
    """Return all questions of a seed with the reference's answers."""
    learning = LearningCaller(trials.direct({}))
    trials.checked(learning, seed)
    return learning.table


def passed_from_memory(trials: Trials, seeds: Sequence[int]) -> Iterator[Fault]:
    """Report each check that a table of the first seed's answers passes under another, and that does not say why."""
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
                    f'the check "{check}" asks nothing under seed {seed} that seed {first} did not ask; '
                    'expected inputs drawn from `rng`, or fixed="why they are the same" in its marker'
                )
                yield trials.fault_of_check(check, message)
    yield from trials.idle_reasons("fixed", passing, "why all seeds ask the same, but they do not")
