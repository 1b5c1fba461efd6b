"""The time limit for the explanations of one submission, after its checks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

DEADLINE_SECONDS = 30.0
"""A diagnosis decides about points, so it must not depend on how fast a machine is. The search is limited by numbers
of tries (`search.py`); the slowest known submission needs 3 seconds in a new worker. The deadline is ten times that.
"""
ASKING_SECONDS = 8.0
"""The learner's functions have this long for all questions that follow the checks. Ordinary ones need up to 0.2 seconds
on an idle machine, with the start of their process. The limit is for a function that becomes slow after the checks: one
that sleeps half a second in each call would take minutes.
"""
EACH = 16  # short steps of our own between two looks at the clock


class TimeUpError(Exception):
    """The time for explanations is used up. Report what is known by now."""


class Deadline:
    """The time for one submission's explanations: processor time for us, wall time for the learner's functions.

    Our own work counts as processor time, which hardly grows on a busy machine. The learner's functions run in another
    process, so their time counts as wall time.
    """

    def __init__(
        self,
        seconds: float = DEADLINE_SECONDS,
        asking_seconds: float = ASKING_SECONDS,
        processor: Callable[[], float] = time.thread_time,
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._asking_seconds = asking_seconds
        self._processor = processor
        self._wall = wall
        self._began = processor()
        self._waited = 0.0
        self._unchecked = 0

    @property
    def left(self) -> float:
        """Return the seconds that are left for our own work, at least 0."""
        return max(0.0, self._seconds - (self._processor() - self._began))

    @property
    def left_to_ask(self) -> float:
        """Return the seconds that the learner's functions may still take, at least 0."""
        return max(0.0, self._asking_seconds - self._waited) if self.left else 0.0

    def check(self) -> None:
        """Raise TimeUpError if no time is left for our own work."""
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
        """Count the time inside as that of the learner's functions."""
        started = self._wall()
        try:
            yield
        finally:
            self._waited += self._wall() - started
