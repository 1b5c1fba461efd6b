"""Time two things in turn, so that a change in the machine's speed affects both."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.calibration import Calibration

Command = Sequence[str]


@dataclass(frozen=True)
class Timing:
    """The pairs of two measurements. Its figures are medians; `ratio` is the median of the pairs' ratios."""

    pairs: tuple[tuple[float, float], ...]

    @property
    def first(self) -> float:
        """The first measurement."""
        return median(first for first, _ in self.pairs)

    @property
    def second(self) -> float:
        """The second measurement."""
        return median(second for _, second in self.pairs)

    @property
    def ratios(self) -> list[float]:
        """The ratio of each pair."""
        return [first / second for first, second in self.pairs]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        return median(self.ratios)

    @property
    def runs(self) -> int:
        """The number of pairs."""
        return len(self.pairs)


class Session:
    """One run of the benchmarks: how much to measure, and the counts that tell whether the machine was quiet.

    `quick` is for a trial: a few submissions, one pair. `large` asks for what takes a quarter of an hour by itself.
    """

    def __init__(self, quick: bool = False, large: bool = False) -> None:
        self.quick = quick
        self.large = large
        self.calibration = Calibration()

    def size(self, whole: int, quick: int) -> int:
        """Return the size of a class."""
        return quick if self.quick else whole

    def pairs(self, whole: int) -> int:
        """Return the number of pairs."""
        return 1 if self.quick else whole

    def in_turn(
        self, first: Callable[[], float], second: Callable[[], float], runs: int, warm_up: bool = True
    ) -> Timing:
        """Measure two things in turn, and count before and after each pair. The warm-up is not part of the result."""
        if warm_up:
            first()
            second()
        pairs = []
        for _ in range(self.pairs(runs)):
            self.calibration.count()
            pairs.append((first(), second()))
            self.calibration.count()
        return Timing(tuple(pairs))


def paired(command: Command, other: Command, runs: int = 11, allowed: frozenset[int] = frozenset({0, 1})) -> Timing:
    """Time two commands after one warm-up of each. Raises SystemExit if one ends with a code not in `allowed`."""
    return Session().in_turn(
        lambda: seconds_of(command, allowed=allowed), lambda: seconds_of(other, allowed=allowed), runs
    )


def seconds_of(
    command: Command, variables: Mapping[str, str] | None = None, allowed: frozenset[int] = frozenset({0})
) -> float:
    """Run a command as a whole process, and return its seconds. `variables` are added to those of the environment."""
    known = {**os.environ, **(variables or {})}
    started = time.perf_counter()
    done = subprocess.run(command, env=known, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    elapsed = time.perf_counter() - started
    if done.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return elapsed


def python(*arguments: str) -> list[str]:
    """Return the command of this interpreter with arguments."""
    return [sys.executable, *arguments]


def machine() -> str:
    """Describe the machine of the measurements."""
    return f"{os.cpu_count()} cores, Python {sys.version.split()[0]}"
