"""Misconceptions whose signs the checks have seen: for what trains, and cannot be asked the same a second time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.checks import CheckOutcome, Verdict
from grader.course import Misconception
from grader.diagnosis.diagnose import Diagnosis


def by_signs(misconceptions: Sequence[Misconception], outcomes: Iterable[CheckOutcome]) -> list[Diagnosis]:
    """One diagnosis for each function that shows a sign: each sign is evidence of its own, so several may stand."""
    seen = {outcome.sign for outcome in outcomes if outcome.verdict is Verdict.FAILED}
    found: dict[str, list[Misconception]] = {}
    for one in misconceptions:
        if one.id in seen:
            found.setdefault(one.function, []).append(one)
    return [Diagnosis(function, tuple(these)) for function, these in found.items()]
