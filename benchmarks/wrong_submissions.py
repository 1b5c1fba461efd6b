"""Compare a batch of wrong submissions, with their diagnosis, with a batch of right ones, for exercises 1 to 4.

Each right one is the program in which the mistake of a wrong one was made, so the two differ in the mistake alone.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.graded_class import GradedClass
from benchmarks.paired import Session
from benchmarks.programs import KEYS, base_class, exercise_of, wrong_class
from benchmarks.row import Row

PAIRS = 5
GOAL = 1.5


def measure(session: Session) -> list[Row]:
    """Return a row for each exercise."""
    return [_row(session, key) for key in KEYS]


def _row(session: Session, key: str) -> Row:
    exercise, size = exercise_of(key), session.size(200, 2)
    with tempfile.TemporaryDirectory() as folder:
        wrong = GradedClass(Path(folder, "wrong"), exercise, wrong_class(exercise, size))
        right = GradedClass(Path(folder, "right"), exercise, base_class(exercise, size))
        timing = session.in_turn(wrong.seconds, right.seconds, PAIRS)
        wrong.refuse_if_void([True] * size)
        right.refuse_if_void([False] * size)
    what = f"`grade batch`, {size} wrong submissions of exercise {key}"
    return Row.at_most(what, f"{size} right ones in the same styles", timing, GOAL)
