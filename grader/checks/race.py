"""Which of two functions is faster, by our clock."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

from grader.checks.assertions import assert_close
from grader.checks.proxy import Function

HOPELESS = 30.0  # a loop over pixels and kernels is slower still; it need not run twenty times
ROUNDS, FEWEST_WON, FEWEST_LOST = 20, 4, 5


def race(
    runner: Function, baseline: Function, draw: Callable[[], tuple[Any, ...]], *, enough: float, terms: int = 64
) -> float:
    """Return how many times as long as `baseline` the `runner` takes, each in its fastest round.

    `draw` returns new arguments for each round, and every answer is compared with the baseline's. So it does not help
    to remember an answer, or to return anything after the first round. `terms` is as for `assert_close`.

    The first round warms both up, our own by twice and more, and counts for neither.

    Whatever else the machine does only ever adds to a time, so the shortest one is nearest to the work itself. One
    lucky round does not win: the ratio is that of the shortest times or the median of the rounds' own ratios, whichever
    is larger. The race ends when it is `enough` after FEWEST_WON rounds, and goes on for up to ROUNDS while it is not:
    a busy machine costs patience, not points. Both cross the same kind of pipe to a child of their own, so what the
    crossing costs stands on both sides.

    If something disturbs our side alone in a share p of the rounds, one that is too slow passes in at most p ** 3 of
    the races, for it must happen in each of the first three that count. If it disturbs theirs alone, one that is fast
    enough fails where it happens in ten of the 19 that count, in at most 92,378 * p ** 10 of them: 1e-5 for a p of 0.1.
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
