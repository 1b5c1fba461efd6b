"""Which of two functions is faster, by our clock."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from grader.checks.assertions import assert_close
from grader.checks.submission import Function

HOPELESS = 30.0  # a loop over the output's pixels is 20 to 80 times as slow; it need not run twenty times
ROUNDS, FEWEST_LOST = 20, 5  # two rounds in a row may both fall into a moment when the machine is busy; five do not


def race(
    runner: Function, baseline: Function, draw: Callable[[], tuple[Any, ...]], *, enough: float, terms: int = 64
) -> float:
    """Return how many times as long as `baseline` the `runner` takes, each in its fastest round.

    `draw` returns new arguments for each round, and every answer is compared with the baseline's. So it does not help
    to remember an answer, or to return anything after the first round. `terms` is as for `assert_close`.

    Whatever else the machine does only ever adds to a time, so the shortest one is nearest to the work itself. The
    race ends when the ratio is `enough`, and goes on for up to ROUNDS while it is not: a busy machine costs patience,
    not points. Both cross the same kind of pipe to a child of their own, so what the crossing costs stands on both
    sides.
    """
    ours = theirs = math.inf
    for done in range(ROUNDS):
        arguments = draw()
        expected, our_seconds = baseline.timed(*arguments)
        got, their_seconds = runner.timed(*arguments)
        assert_close(got, expected, terms=terms)
        ours = min(ours, max(our_seconds, 1e-6))
        theirs = min(theirs, their_seconds)
        ratio = theirs / ours
        if (done >= 1 and ratio <= enough) or (done + 1 >= FEWEST_LOST and ratio > HOPELESS):
            break
    return ratio
