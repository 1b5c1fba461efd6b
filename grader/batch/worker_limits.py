"""The limits of a worker process: the processor time for reading a submission, and the memory."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from grader.batch.breach import MEMORY_BYTES, READING_SECONDS


@contextmanager
def reading() -> Iterator[None]:
    """Limit the processor time until `end_reading` is called; SIGPROF ends the process in any code."""
    signal.setitimer(signal.ITIMER_PROF, READING_SECONDS)
    try:
        yield
    finally:
        end_reading()


def end_reading() -> None:
    """Take the limit of `reading` away."""
    signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def unlimited_memory() -> Iterator[None]:
    """Take the limit of the memory away inside the block, and set that of a worker after it."""
    limit_memory(resource.RLIM_INFINITY)
    try:
        yield
    finally:
        limit_memory(MEMORY_BYTES)


def limit_memory(most_bytes: int) -> None:
    """Limit the memory of this process, at most to its hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = min((limit for limit in (most_bytes, hard) if limit != resource.RLIM_INFINITY), default=hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
