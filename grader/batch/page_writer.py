"""A worker process that writes the pages of reports, after the grading. It runs no learner's code.

It reads the reports from the journal, which it never changes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.batch.answering import serve
from grader.batch.batch_journal import BatchJournal, Graded, JournalError
from grader.batch.report_writer import ReportOrder, ReportWriter
from grader.sandbox.inside.confinement import die_with_parent


class PageWriter:
    """Follows the orders of each task."""

    def __init__(self) -> None:
        self._writers: dict[str, tuple[BatchJournal, ReportWriter]] = {}

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Write the files of some reports.

        Return as JSON, in place of a report, their parts of the files about the class, or why writing was not possible.
        """
        if task["unreadable"]:
            raise RuntimeError("a process that writes pages ended twice")
        said: dict[str, Any]
        parts = []
        try:
            journal, writer = self._opened(Path(task["journal"]), Path(task["source"]))
            for order in (ReportOrder(**one) for one in task["orders"]):
                graded, details = _entry(journal, task["run"], order)
                parts.append(writer.write(order, graded, details))
            said = {"parts": parts}
        except OSError as error:
            said = {"errno": error.errno, "strerror": error.strerror, "file": str(error.filename2 or error.filename)}
        except JournalError as error:
            said = {"journal": str(error)}
        return {"report": json.dumps(said)}

    def _opened(self, journal: Path, out: Path) -> tuple[BatchJournal, ReportWriter]:
        if str(out) not in self._writers:
            opened = BatchJournal(journal, read_only=True)
            self._writers[str(out)] = opened, ReportWriter(out, opened)
        return self._writers[str(out)]


def _entry(journal: BatchJournal, run: int, order: ReportOrder) -> tuple[Graded, dict[str, Any]]:
    """Return the report that an order is about, and the details of its entry. Raises JournalError."""
    for _, exercise, details, graded in journal.results(run, order.learner):
        if exercise == order.exercise and graded is not None:
            return graded, json.loads(details)
    raise JournalError(f"The report of {order.learner} is not in the journal any more. Run the same command again.")


def main(descriptor: str, course_root: str, isolation: str) -> None:
    """Follow the orders that come in on an inherited socket. Course and isolation are for workers that grade."""
    die_with_parent()  # so that nothing is written when the next run begins
    serve(descriptor, PageWriter)
