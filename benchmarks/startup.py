"""Compare `grade --help` with importing click, as whole processes."""

from __future__ import annotations

from benchmarks.paired import Session, python, seconds_of
from benchmarks.row import Row

PAIRS = 21
GOAL = 1.25


def measure(session: Session) -> list[Row]:
    """Return one row."""
    timing = session.in_turn(
        lambda: seconds_of(python("-m", "grader", "--help")), lambda: seconds_of(python("-c", "import click")), PAIRS
    )
    return [Row.at_most("`grade --help`", '`python -c "import click"`', timing, GOAL)]
