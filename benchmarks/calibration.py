"""Tell whether the machine was quiet: count to a fixed number again and again, and compare how long that takes."""

from __future__ import annotations

import os
import time
from statistics import median, quantiles

LAST = 1_000_000  # some 50 ms
QUIET_SHARE = 0.10  # of the median: nine of ten counts of a quiet machine are that near to it
QUIET_LOAD = 0.5  # processes that wait or run at the start, before the benchmarks add their own


class Calibration:
    """The times of all counts, and the load of the machine at the start."""

    def __init__(self) -> None:
        self.counts: list[float] = []
        self.load_at_start = os.getloadavg()[0]

    def count(self) -> None:
        """Count in pure Python, and keep the seconds that it took."""
        started = time.perf_counter()
        number = 0
        while number < LAST:
            number += 1
        self.counts.append(time.perf_counter() - started)

    @property
    def spread(self) -> float:
        """The time between the fastest and the slowest of the middle nine tenths, as a share of the median."""
        if len(self.counts) < 2:
            return 0.0
        twentieths = quantiles(self.counts, n=20, method="inclusive")
        return (twentieths[-1] - twentieths[0]) / median(self.counts)

    @property
    def was_quiet(self) -> bool:
        """True if neither the load at the start nor the spread shows other work."""
        return self.load_at_start <= QUIET_LOAD and self.spread <= QUIET_SHARE

    def in_words(self) -> str:
        """Say if the machine was quiet, and how that is known."""
        verdict = "The machine was quiet." if self.was_quiet else "The machine was not quiet, so these figures may be wrong."
        each = 1000 * median(self.counts)
        return (
            f"{verdict} Before and after each pair, Python counted to {LAST:,}: {each:.1f} ms at the median of "
            f"{len(self.counts)} counts, {1000 * min(self.counts):.1f} to {1000 * max(self.counts):.1f} ms; the middle nine "
            f"tenths are within {self.spread:.0%} of the median. The load average was {self.load_at_start:.2f} at the start "
            f"(quiet: at most {QUIET_LOAD}) and {os.getloadavg()[0]:.2f} at the end, when most of it comes from the "
            "benchmarks."
        )
