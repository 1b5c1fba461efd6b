"""Measure whether a function is fast enough, by the processor time that the kernel counts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from grader.checks.assertions import CheckFailedError, assert_close
from grader.checks.proxy import Function
from grader.checks.remarks import remark

ROUNDS = 8
CLEAR = 2.5  # the result is clear if the ratio is this many times smaller or larger than the limit
FEWEST_LOST = 3  # the first round of a fresh process took up to five times as long as the second
RUNS = 3
NOT_TIMED = "This kit cannot time your function: it does not contain the reference. Your instructor's grading does."


def is_fast(
    runner: Function,
    reference: Callable[..., Any],
    draw: Callable[[], tuple[Any, ...]],
    *,
    limit: float,
    terms: int = 64,
) -> bool:
    """Return whether `runner` takes at most `limit` times as long as `reference`, each in its fastest round.

    `draw` returns new arguments for each round, and every answer is compared with that of the reference. So it does not
    help to remember an answer, or to return anything after the first round. `terms` is as for `assert_close`.

    Processor time is compared: that of the learner's process, which starts no other process, and that of our thread.
    Work of other processes hardly adds to it. A cold cache or a slow core can only make a time longer, so the shortest
    time of each side counts. The race ends as soon as the result is clear. A function whose
    ratio is near the limit runs ROUNDS times.

    A kit has only recorded answers of the reference. With them the answer is compared, the time is not, and the report
    says so.
    """
    compute = getattr(reference, "uncached", reference)  # a result from a cache would take no time
    ours = theirs = math.inf
    for done in range(1, ROUNDS + 1):
        arguments = draw()
        expected: Any = None
        for _ in range(RUNS):
            started = time.thread_time()
            expected = compute(*arguments)
            ours = min(ours, max(time.thread_time() - started, 1e-6))
        try:
            got, seconds = runner.timed(*arguments)
            assert_close(got, expected, terms=terms)
        except CheckFailedError as error:
            error.timed = True
            raise
        if getattr(compute, "is_recorded", False):
            remark(NOT_TIMED)
            return True
        theirs = min(theirs, seconds)
        if theirs <= limit / CLEAR * ours or (done >= FEWEST_LOST and theirs > limit * CLEAR * ours):
            break
    return theirs <= limit * ours
