"""Compare `grade --help` with importing click, as whole processes."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.paired import Session, python, seconds_of
from benchmarks.row import Row

GRADE = str(Path(sys.executable).with_name("grade"))  # the command as it is typed, not `python -m grader`
PAIRS = 21
GOAL = 1.25


def measure(session: Session) -> list[Row]:
    """Return one row."""
    timing = session.in_turn(
        lambda: seconds_of([GRADE, "--help"]), lambda: seconds_of(python("-c", "import click")), PAIRS
    )
    return [Row.at_most("`grade --help`", '`python -c "import click"`', timing, GOAL)]
