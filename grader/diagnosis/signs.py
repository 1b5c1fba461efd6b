"""Diagnose functions that train, which cannot be asked twice, by the signs that the checks have seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.checks import CheckOutcome, Verdict
from grader.course import Misconception
from grader.diagnosis.diagnose import Diagnosis


def by_signs(misconceptions: Sequence[Misconception], outcomes: Iterable[CheckOutcome]) -> list[Diagnosis]:
    """Return one diagnosis for each function with a sign. Each sign is independent, so several can be named."""
    seen = {outcome.sign for outcome in outcomes if outcome.verdict is Verdict.FAILED}
    found: dict[str, list[Misconception]] = {}
    for one in misconceptions:
        if one.id in seen:
            found.setdefault(one.function, []).append(one)
    return [Diagnosis(function, tuple(these)) for function, these in found.items()]
