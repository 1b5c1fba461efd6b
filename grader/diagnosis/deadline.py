"""How long everything after the checks may take for one submission."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

DEADLINE_SECONDS = 2.0
"""A submission of which every function is wrong needs 0.2 in a worker that has explained none before; one that sleeps
half a second whenever it is asked again would take a minute.
"""


class TimeUpError(Exception):
    """The time for explanations is used up: what is known until now is all there will be."""


class Deadline:
    """The time for one submission's explanations: our processor time, and all the time that a learner's function takes.

    A report says the same on every machine as long as the deadline is not reached: nothing else looks at the time.
    That is why our own work counts as processor time, which a busy machine does not spend, and why the limit is ten
    times what our slowest case needs. The learner's function runs in another process: its time is waited for, and
    counts by the clock on the wall.
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

    @property
    def left(self) -> float:
        """The seconds that are left, at least 0."""
        return max(0.0, self._seconds - (self._processor() - self._began) - self._waited)

    def check(self) -> None:
        """Raise TimeUpError if no time is left."""
        if not self.left:
            raise TimeUpError

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time inside by the clock on the wall."""
        started = self._wall()
        try:
            yield
        finally:
            self._waited += self._wall() - started
