"""Measure which of two functions is faster, by our clock."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

from grader.checks.assertions import assert_close
from grader.checks.proxy import Function

HOPELESS = 30.0  # a loop over pixels and kernels is even slower; it need not run twenty times
ROUNDS, FEWEST_WON, FEWEST_LOST = 20, 4, 5


def race(
    runner: Function, baseline: Function, draw: Callable[[], tuple[Any, ...]], *, enough: float, terms: int = 64
) -> float:
    """Return the time of `runner` divided by the time of `baseline`, each in its fastest round.

    `draw` returns new arguments for each round, and every answer is compared with the baseline's. So it does not help
    to remember an answer, or to return anything after the first round. `terms` is as for `assert_close`.

    The first round warms both up and does not count: our own side gets more than twice as fast after it.

    Other work of the machine can only add to a time, so the shortest time is closest to the work itself. One lucky
    round does not win: the ratio is that of the shortest times, or the median of the ratios of all rounds, whichever is
    larger. The race ends when the ratio is `enough` after FEWEST_WON rounds, and continues up to ROUNDS otherwise: a
    busy machine costs time, not points. Both sides use the same kind of pipe to a child process, so both pay for it.

    If something disturbs only our side, in a share p of the rounds, a function that is too slow passes in at most
    p ** 3 of the races: the disturbance must hit each of the first three rounds that count. If it disturbs only the
    learner's side, a function that is fast enough fails if the disturbance hits ten of the 19 rounds that count. That
    happens in at most 92,378 * p ** 10 of the races: 1e-5 for p = 0.1.
    """
    ours = theirs = ratio = math.inf
    rounds = []
    for done in range(ROUNDS):
        arguments = draw()
        expected, our_seconds = baseline.timed(*arguments)
        got, their_seconds = runner.timed(*arguments)
        assert_close(got, expected, terms=terms)
        if done == 0:
            continue
        ours = min(ours, max(our_seconds, 1e-6))
        theirs = min(theirs, their_seconds)
        rounds.append(their_seconds / max(our_seconds, 1e-6))
        ratio = max(theirs / ours, statistics.median(rounds))
        if (done + 1 >= FEWEST_WON and ratio <= enough) or (done + 1 >= FEWEST_LOST and theirs / ours > HOPELESS):
            break
    return ratio
