"""Which of two functions is faster, by our clock."""

from __future__ import annotations

from statistics import median
from typing import Any

from grader.checks.submission import Function

HOPELESS = 30.0  # a loop over the output's pixels is 20 to 80 times as slow; it need not run five times


def race(runner: Function, baseline: Function, *arguments: Any, rounds: int = 5, **named: Any) -> float:
    """How many times as long as `baseline` the `runner` takes: the median over rounds run in turn.

    Both run once before it counts. Both cross the same kind of pipe to a child of their own, so what the crossing
    costs stands on both sides; a machine that slows down slows both.
    """
    warm = runner.seconds(*arguments, **named) / max(baseline.seconds(*arguments, **named), 1e-6)
    if warm > HOPELESS:
        warm = runner.seconds(*arguments, **named) / max(baseline.seconds(*arguments, **named), 1e-6)
        if warm > HOPELESS:
            return warm
    ratios = []
    for _ in range(rounds):
        ours = baseline.seconds(*arguments, **named)
        theirs = runner.seconds(*arguments, **named)
        ratios.append(theirs / max(ours, 1e-6))
    return median(ratios)
