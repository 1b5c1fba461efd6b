"""Write the files that are made of one report: its JSON, its page, and the results for platforms.

An order says everything about a report that the journal does not know. The rest is read from the journal.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.batch.anonymous_report import anonymous_json, anonymous_report
from grader.batch.batch_journal import BatchJournal, Graded
from grader.batch.handed_in import handed_in_of
from grader.report.exports import Standing, report_files, report_parts
from grader.writing import write_if_changed

if TYPE_CHECKING:
    from grader.report.exports import HandedIn


@dataclass(frozen=True)
class ReportOrder:
    """An order to write the files of a learner's report in an exercise into a folder of that name.

    `stale` is the folder of an earlier run with or without pseudonyms; empty if there is none. With a `pseudonym`, the
    files do not say whose they are; else `name` is the person's name. `final`, `late` and `decisions` are those of a
    `Standing`. `decided` is the report with the points that people decided; None for the report in the journal. With
    `trusts_files`, the time of a file says when it was handed in.
    """

    learner: str
    exercise: str
    folder: str
    stale: str
    pseudonym: str
    name: str
    final: float | None
    late: str
    decisions: tuple[str, ...]
    decided: Mapping[str, Any] | None
    trusts_files: bool


class ReportWriter:
    """Writes the files of reports below a results folder. Raises OSError and JournalError."""

    def __init__(self, out: Path, journal: BatchJournal) -> None:
        self._out = out
        self._journal = journal
        self._files = report_files()

    def write(
        self, order: ReportOrder, graded: Graded, details: Mapping[str, Any], parsed: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        """Write the files of a report, and return its parts of the files about the class.

        `details` are those of its entry; `parsed` is the report, if it is there.
        """
        if order.stale:
            self.remove(order.stale, order.exercise)
        data, *pages = self._paths(order.folder, order.exercise)
        report = order.decided or parsed or graded.parsed()
        text = graded.report
        if order.pseudonym:
            report = anonymous_report(report, order.pseudonym, details)
            text = anonymous_json(text, order.pseudonym, details)
        write_if_changed(data, text)
        standing = Standing(order.final, order.late, order.decisions, self._handed_in(order, graded, details))
        for path, file in zip(pages, self._files, strict=True):
            write_if_changed(path, file.text(report, standing))
        return report_parts(order.pseudonym or order.learner, report)

    def remove(self, folder: str, exercise: str) -> None:
        """Remove the files of a report, and their folders if nothing else is in them."""
        for path in self._paths(folder, exercise):
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                path.parent.rmdir()
                path.parent.parent.rmdir()

    def _handed_in(self, order: ReportOrder, graded: Graded, details: Mapping[str, Any]) -> HandedIn | None:
        """Return the facts about a hand-in; None with a pseudonym, because a file and its name may say who wrote it."""
        if order.pseudonym:
            return None
        return handed_in_of(self._journal, graded, details, order.name, order.trusts_files)

    def _paths(self, folder: str, exercise: str) -> list[Path]:
        """Return the files that are made of a report: its JSON, then the others."""
        names: Iterable[str] = (file.name.format(learner=folder, exercise=exercise) for file in self._files)
        return [self._out / "reports" / folder / f"{exercise}.json", *(self._out / name for name in names)]
