"""What a worker may use for one submission, and what became of one that took more.

The limits are for our own side: reading a stranger's file, and looking at a stranger's answers. The learner's program
has limits of its own, in the sandbox.

===============  ==============================  =================================  ==========
limit            our side needs                  the worst honest submission        the limit
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
READING_SECONDS = 5.0  # of processor time, so that a loaded machine refuses nobody
MEMORY_BYTES = 1024 * MIB  # of data, as RLIMIT_DATA counts it
STUCK_TIMES = 4  # a worker that takes four times what a submission may use by its own limits is stuck


class Breach(StrEnum):
    """How a submission broke a worker."""

    READING = "reading"
    MEMORY = "memory"
    STUCK = "stuck"
    DIED = "died"

    def sentence(self, seconds: float) -> str:
        """Return what happened, of a submission that may use `seconds` by its own limits."""
        return {
            Breach.READING: f"reading its files took more than {READING_SECONDS:g} seconds of processor time",
            Breach.MEMORY: f"reading and checking it took more than {MEMORY_BYTES // MIB} MiB of memory",
            Breach.STUCK: f"checking it took more than {STUCK_TIMES * seconds:g} seconds",
            Breach.DIED: "checking it ended the grader's process",
        }[self]


def verdict(breach: Breach, seconds: float) -> str:
    """Return what the report says of a submission that broke two workers in a row."""
    return (
        f"this submission could not be graded: {breach.sentence(seconds)}, twice, each time in a process of its own, "
        "in which the reference solution is graded without trouble. Look for huge texts, numbers or arrays, and hand "
        "in again"
    )
