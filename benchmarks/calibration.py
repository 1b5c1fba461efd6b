"""Tell whether the machine was quiet: count to a fixed number again and again, and compare how long that takes."""

from __future__ import annotations

import os
import time
from statistics import median, quantiles

LAST = 1_000_000  # some 50 ms
QUIET_SHARE = 0.10  # of the median: the largest spread of a quiet machine; beside other work it was 0.19 and 1.74
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
        verdict = "was quiet" if self.was_quiet else "was not quiet, so these figures may be wrong"
        each, lowest, highest = (1000 * one for one in (median(self.counts), min(self.counts), max(self.counts)))
        return (
            f"The machine {verdict}: before and after each pair, Python counted to {LAST:,}, which took {each:.1f} ms "
            f"at the median of {len(self.counts)} counts, {lowest:.1f} to {highest:.1f} ms. The middle nine tenths "
            f"spread over {self.spread:.0%} of the median (quiet: at most {QUIET_SHARE:.0%}). The load average was "
            f"{self.load_at_start:.2f} at the start (quiet: at most {QUIET_LOAD}) and {os.getloadavg()[0]:.2f} at the "
            "end, when most of it comes from the benchmarks."
        )
