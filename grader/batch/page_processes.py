"""Write the pages of reports in several processes, while this one makes the tables of the class."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from grader.batch.batch_journal import BatchJournal, JournalError
from grader.batch.pool import WorkerPool
from grader.batch.report_writer import ReportOrder
from grader.batch.run import BatchError
from grader.batch.task import Finished, Task
from grader.text import for_path

PAGE_WRITER = "grader.batch.page_writer"
FEWEST_REPORTS = 100  # for each process: it starts in the time in which a process writes that many
ORDERS_AT_ONCE = 16


@dataclass(frozen=True)
class PageTask(Task):
    """Orders for one process: the reports of a run in a journal. `source` is the results folder."""

    journal: str = ""
    run: int = 0
    orders: tuple[dict[str, Any], ...] = ()


def processes_for(reports: int, workers: int) -> int:
    """Return how many processes write the pages of so many reports; 0 if this process does it."""
    return min(workers, os.cpu_count() or 1, reports // FEWEST_REPORTS)


def write_pages(
    orders: Iterable[ReportOrder], out: Path, journal: BatchJournal, run: int, processes: int
) -> Iterator[Mapping[str, str]]:
    """Have so many processes write the files of reports, and yield the parts of each report in the order of `orders`.

    The processes finish in any order, so the parts wait in a file. Raises OSError, JournalError, BatchError and
    WorkerError.
    """
    places: dict[int, int] = {}
    with tempfile.TemporaryFile(dir=out) as waiting:
        with WorkerPool(processes, out, "namespaces", PAGE_WRITER) as pool:
            for finished in pool.run(_tasks(iter(orders), out.resolve(), journal.path.resolve(), run)):
                for one in finished:
                    _check(one, out)
                    places[one.task.number] = waiting.tell()
                    waiting.write(one.report.encode("ascii") + b"\n")
        for _, place in sorted(places.items()):
            waiting.seek(place)
            yield from json.loads(waiting.readline())["parts"]


def _tasks(orders: Iterator[ReportOrder], out: Path, journal: Path, run: int) -> Iterator[Task]:
    number = 0
    while group := tuple(vars(one) for one in islice(orders, ORDERS_AT_ONCE)):
        yield PageTask(number, "", "", "", str(out), (), 0, journal=str(journal), run=run, orders=group)
        number += 1


def _check(finished: Finished, out: Path) -> None:
    """Raise the error that a process met, as if this process had met it."""
    if finished.failure:
        raise BatchError(
            f"The pages cannot be written to {for_path(out)}: {finished.failure}. "
            "Every report is safe in the journal: run the same command again."
        )
    said = json.loads(finished.report)
    if "journal" in said:
        raise JournalError(said["journal"])
    if "parts" not in said:
        raise OSError(said["errno"], said["strerror"], said["file"])
