"""Measure the processor time that the coordinator of a batch needs for one submission.

The coordinator reports its own usage when it ends (`getrusage` of itself, so without its workers and their children).
A large and a small class of exercise 3, half of them wrong, take turns. The difference of their times, divided by the
difference of their sizes, is the time for one submission without the start.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks.graded_class import GradedClass
from benchmarks.paired import Session, python, seconds_of
from benchmarks.programs import exercise_of, mixed_class
from benchmarks.row import Row

PAIRS = 5
GOAL = 1.0  # milliseconds
PLACE = "CNN_GRADER_BENCHMARK_USAGE"
COORDINATOR = f"""
import atexit, os, resource, sys
from pathlib import Path

def report():
    own = resource.getrusage(resource.RUSAGE_SELF)
    Path(os.environ[{PLACE!r}]).write_text(str(own.ru_utime + own.ru_stime))

atexit.register(report)
from grader.cli import main
main()
"""


def measure(session: Session) -> list[Row]:
    """Return one row."""
    exercise = exercise_of("03_dropout")
    large, small = session.size(500, 128), session.size(100, 2)
    with tempfile.TemporaryDirectory() as folder:
        first = GradedClass(Path(folder, "large"), exercise, mixed_class(exercise, large))
        second = GradedClass(Path(folder, "small"), exercise, mixed_class(exercise, small))
        timing = session.in_turn(lambda: own_seconds(first), lambda: own_seconds(second), PAIRS)
    each = tuple(1000 * (more - less) / (large - small) for more, less in timing.pairs)
    what, against = f"the coordinator alone, {large} submissions of exercise 3", f"{small} of them"
    row = Row(
        what, timing.first, against, timing.second, each, GOAL, unit="s of processor time", figure_unit=" ms each"
    )
    return [row]


def own_seconds(graded: GradedClass) -> float:
    """Grade a class, and return the processor time of the coordinator alone."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "usage")
        seconds_of(python("-c", COORDINATOR, *graded.arguments()), {PLACE: os.fspath(place)})
        return float(place.read_text(encoding="ascii"))
