"""The limits of a worker for one submission, and the words for a submission that exceeds them.

These limits protect the grader's own processes, which read the files and compare the answers. The sandbox limits the
learner's program itself.

===============  ==============================  =================================  ==========
limit            the reference needs             the worst honest submission        the limit
===============  ==============================  =================================  ==========
reading_seconds  0.01                            0.4 (a notebook of 15 MiB)         5
memory_bytes     180 MiB (exercises 1 to 4)      240 MiB (the same notebook)        1 GiB
STUCK_TIMES      0.01 of what a submission may   1 (a stop in every function)       4
                 use by its own limits
===============  ==============================  =================================  ==========
"""

from __future__ import annotations

from enum import StrEnum

MIB = 1024 * 1024
READING_SECONDS = 5.0  # of processor time, so that a busy machine makes no difference
MEMORY_BYTES = 1024 * MIB  # of data, as RLIMIT_DATA counts it
STUCK_TIMES = 4  # a worker that takes four times what a submission may use by its own limits is stuck


class Breach(StrEnum):
    """Why a worker could not finish a submission."""

    READING = "reading"
    MEMORY = "memory"
    STUCK = "stuck"
    DIED = "died"

    def sentence(self, seconds: float) -> str:
        """Return what happened to a submission that may use `seconds` by its own limits."""
        return {
            Breach.READING: f"reading its files took more than {READING_SECONDS:g} seconds of processor time",
            Breach.MEMORY: f"reading and checking it took more than {MEMORY_BYTES // MIB} MiB of memory",
            Breach.STUCK: f"checking it took more than {STUCK_TIMES * seconds:g} seconds",
            Breach.DIED: "checking it ended the grader's process",
        }[self]


def verdict(breach: Breach, seconds: float) -> str:
    """Return what the report says about a submission that broke two workers in a row."""
    return (
        f"this submission could not be graded: {breach.sentence(seconds)}. It was tried twice, in separate processes, "
        "and the same grader graded the reference solution without an error. Look for very large texts, numbers or "
        "arrays, and hand in again"
    )
