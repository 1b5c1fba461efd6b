"""Time two commands as whole processes. They take turns, so that a change in the machine's speed affects both."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

Command = Sequence[str]


@dataclass(frozen=True)
class Timing:
    """Medians over the runs of two commands; `ratio` is the median of the pairs' ratios."""

    wall_seconds: float
    other_wall_seconds: float
    ratio: float
    runs: int


def paired(command: Command, other: Command, runs: int = 11, allowed: frozenset[int] = frozenset({0, 1})) -> Timing:
    """Time two commands after one warm-up of each. Raises SystemExit if one ends with a code not in `allowed`."""
    pairs = []
    for counted in range(runs + 1):
        pair = (_seconds(command, allowed), _seconds(other, allowed))
        if counted:
            pairs.append(pair)
    first, second = zip(*pairs, strict=True)
    return Timing(median(first), median(second), median(a / b for a, b in pairs), runs)


def _seconds(command: Command, allowed: frozenset[int]) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    elapsed = time.perf_counter() - started
    if done.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return elapsed


def child_cpu_seconds() -> float:
    """Return the processor time of all children that have ended so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def python(*arguments: str) -> list[str]:
    """Return the command of this interpreter with arguments."""
    return [sys.executable, *arguments]


def machine() -> str:
    """Describe the machine of the measurements."""
    return f"{os.cpu_count()} cores, Python {sys.version.split()[0]}"
