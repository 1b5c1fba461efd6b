"""Find points without work: constants, answers of a different seed and malformed answers must earn nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.authoring.constant_answers import passed_by_constants
from grader.authoring.malformed_answers import broken_by_form
from grader.authoring.remembered_answers import passed_from_memory
from grader.authoring.trials import Trials
from grader.course import Fault


def unearned(trials: Trials, seeds: Sequence[int]) -> Iterator[Fault]:
    """Report the checks that pass or crash although they must fail. The reference must pass all checks."""
    yield from passed_by_constants(trials, seeds[0])
    yield from passed_from_memory(trials, seeds)
    yield from broken_by_form(trials, seeds[0])
