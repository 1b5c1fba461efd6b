"""The time limit for the explanations of one submission, after its checks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

DEADLINE_SECONDS = 4.0
"""A submission of exercise 1 with three wrong functions needs 1 to 2 in a new worker. One that sleeps half a second in
each call after the checks would take a minute.
"""
EACH = 16  # short steps of our own between two looks at the clock


class TimeUpError(Exception):
    """The time for explanations is used up. Report what is known by now."""


class Deadline:
    """The time for one submission's explanations: our processor time plus the wall time of the learner's function.

    Before the deadline, a report is the same on every machine. For that reason our own work counts as processor time,
    which does not grow on a busy machine, and the limit is ten times what our slowest case needs. The learner's
    function runs in another process, so its time counts as wall time.
    """

    def __init__(
        self,
        seconds: float = DEADLINE_SECONDS,
        processor: Callable[[], float] = time.thread_time,
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._processor = processor
        self._wall = wall
        self._began = processor()
        self._waited = 0.0
        self._unchecked = 0

    @property
    def left(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(0.0, self._seconds - (self._processor() - self._began) - self._waited)

    def check(self) -> None:
        """Raise TimeUpError if no time is left."""
        if not self.left:
            raise TimeUpError

    def check_now_and_then(self) -> None:
        """Check at every EACH-th call: reading the clock takes longer than much of what is between two calls."""
        self._unchecked += 1
        if self._unchecked >= EACH:
            self._unchecked = 0
            self.check()

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time inside as wall time."""
        started = self._wall()
        try:
            yield
        finally:
            self._waited += self._wall() - started
