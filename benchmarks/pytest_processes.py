"""Compare `grade batch` with one pytest process for each submission, for each of the exercises 1 to 4.

Both run the same checks. Those of pytest have assertions that need only NumPy (`peers/plain_checks.py`), so that pytest
does not pay for importing our package, and pytest loads no plugins. `grade batch` grades 400 submissions with two
workers, full isolation, diagnosis, pages and tables. pytest grades the first 20 of the same submissions, one after
another, because all 400 would take minutes; the ratio is that of the times for one submission. Half of the submissions
are wrong. The result is valid only if both find the same ones wrong.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.graded_class import GradedClass
from benchmarks.paired import Session
from benchmarks.peer_tools import Room, plain_pytest
from benchmarks.plain_folder import write_plain_folder
from benchmarks.programs import KEYS, exercise_of, mixed_class
from benchmarks.row import Row
from benchmarks.usage import TaskClock
from grader.course import Exercise

PAIRS = 5
GOAL = 50.0


def measure(session: Session) -> list[Row]:
    """Return a row for each exercise."""
    return [_row(session, exercise_of(key)) for key in KEYS]


def _row(session: Session, exercise: Exercise) -> Row:
    size, few = session.size(400, 4), session.size(20, 2)
    with tempfile.TemporaryDirectory() as folder:
        learners = mixed_class(exercise, size)
        graded = GradedClass(Path(folder, "ours"), exercise, learners)
        room = _room(Path(folder), exercise)
        timing = session.in_turn(lambda: graded.seconds() / size, lambda: _pytest(room, learners[:few]), PAIRS)
        graded.refuse_if_void([bool(number % 2) for number in range(size)])
    what = f"`grade batch`, {size} submissions of exercise {exercise.key}, each"
    return Row.faster(what, f"a `pytest` process for each of {few} of them, each", timing, GOAL)


def _room(folder: Path, exercise: Exercise) -> Room:
    """Return a folder for pytest of this environment, without plugins."""
    shared = write_plain_folder(folder / "shared", exercise)
    home = folder / "pytest"
    home.mkdir()
    variables = {**os.environ, "PYTHONPATH": str(shared), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return Room(home, Path(sys.executable).parent, variables, exercise, TaskClock())


def _pytest(room: Room, learners: list[str]) -> float:
    """Return the seconds for one submission."""
    measured = plain_pytest(room, learners)
    for number, failed in measured.failed.items():
        if bool(failed) != bool(number % 2):
            sys.exit(f"The benchmark is void: pytest failed {sorted(failed)} of submission {number}")
    return measured.wall_each
