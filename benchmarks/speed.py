"""Run the speed benchmarks, and write a table of them into `benchmarks/README.md`.

    python -m benchmarks                  all of them; writes the table
    python -m benchmarks startup          only the named ones; prints their rows
    python -m benchmarks --quick          a trial of each with a few submissions and one pair; prints the rows
    python -m benchmarks --large          100,000 submissions for the memory of the coordinator

Each row compares two things in turn in one run. Its ratio is the median of the pairs' ratios. Run it on a machine that
does nothing else: the text above the table says whether the machine was quiet.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.marked_text import write_between
from benchmarks.paired import Session, machine
from benchmarks.row import Row, table

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- speed: begin -->", "<!-- speed: end -->"
BENCHMARKS = (
    "peers",  # first: it may have to install the other graders
    "pytest_processes",
    "single_exercise",
    "keras_worker",
    "startup",
    "wrong_submissions",
    "coordinator_time",
    "coordinator_memory",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print each row as soon as it is there, and write the table if everything was measured."""
    options = parsed(arguments)
    names = options.benchmarks or BENCHMARKS
    session = Session(options.quick, options.large)
    rows, failures = [], []
    for name in names:
        print(f"== {name}", flush=True)
        try:
            measured = measure(name, session)
        except (SystemExit, subprocess.CalledProcessError) as error:  # the others are still worth measuring
            failures.append(f"{name}: {error}")
            print(failures[-1], flush=True)
            continue
        print("\n".join(row.as_line() for row in measured), flush=True)
        rows += measured
    if options.rows is not None:
        options.rows.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    text = as_text(rows, session)
    print(f"\n{text}")
    if failures:
        sys.exit("\n".join(["", "No table was written, because a benchmark failed:", *failures]))
    if not options.quick and not options.benchmarks and not options.print_only:
        write_between(README, BEGIN, END, text)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the options."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmarks", nargs="*", metavar="BENCHMARK", help=f"some of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--quick", action="store_true", help="a few submissions and one pair; write no table")
    parser.add_argument("--large", action="store_true", help="100,000 submissions for the memory of the coordinator")
    parser.add_argument("--print-only", action="store_true", help="write no table")
    parser.add_argument("--rows", type=Path, metavar="FILE", help="also write the rows as JSON")
    options = parser.parse_args(arguments)
    if unknown := set(options.benchmarks) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}. Choose from {', '.join(BENCHMARKS)}")
    return options


def measure(name: str, session: Session) -> list[Row]:
    """Return the rows of a benchmark."""
    rows: list[Row] = importlib.import_module(f"benchmarks.{name}").measure(session)
    return rows


def as_text(rows: Sequence[Row], session: Session) -> str:
    """Return the table, with the machine, the versions and the state of the machine above it."""
    versions = ", ".join(f"{name} {version(package)}" for name, package in (("NumPy", "numpy"), ("pytest", "pytest")))
    head = f"Measured on {datetime.now(UTC):%Y-%m-%d}, {machine()}, {versions}."
    return "\n".join([f"{head} {session.calibration.in_words()}", "", *table(rows)])


if __name__ == "__main__":
    main()
