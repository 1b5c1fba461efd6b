"""The files that go back to a learning platform: the gradebook that was given, filled in, and the packed reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from grader.batch.batch_journal import BatchJournal
from grader.batch.feedback_zips import ReportPage, write_feedback
from grader.batch.gradebook_file import GradebookFile, Kept
from grader.batch.roster import Roster
from grader.batch.roster_columns import Platform
from grader.report.exports import ClassFile, GradebookRow, csv_lines
from grader.text import for_cell
from grader.writing import replacing

MANUAL = "manual-grades.csv"


class LmsFiles:
    """Collects the grades and the reports of all learners, and writes the files at the end."""

    def __init__(self, out: Path, journal: BatchJournal, gradebook: GradebookFile) -> None:
        self._out = out
        self._journal = journal
        self._gradebook = gradebook
        self._pages: list[ReportPage] = []
        self._has_others = False
        self.kept: tuple[Kept, ...] = ()
        self.remarks: tuple[str, ...] = ()

    def class_files(self, files: Iterable[ClassFile]) -> Iterator[ClassFile]:
        """Yield the files about the class. The gradebook that was given takes the place of our own.

        Learners that it has no line for are in a file beside it.
        """
        for file in files:
            if file.name == self._gradebook.name:
                of_others = partial(_of_others, file.of_learner, self._gradebook.roster)
                yield replace(file, name=self._others(), of_learner=of_others)
            else:
                yield file

    def add(self, row: GradebookRow, details: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
        """Add a learner's grades, and what is known about each hand-in by exercise key. `folder` has the reports."""
        self._gradebook.add(row)
        self._has_others |= bool(row.grades) and row.learner not in self._gradebook.roster
        for exercise, known in details.items():
            if row.grades[exercise].no_score is None:
                path = folder / f"{exercise}.html"
                self._pages.append(
                    ReportPage(path, row.learner, row.name, exercise, known["origin"], known["platform"])
                )

    def write(self) -> None:
        """Write the files. Raises OSError, JournalError, and ColumnError if a named column is missing."""
        on_moodle = self._gradebook.roster.columns.platform is Platform.MOODLE
        write_feedback(self._out, self._pages, on_moodle)
        typed = self._out / MANUAL
        if not self._gradebook.name:
            typed.unlink(missing_ok=True)
            return
        if not self._has_others:
            (self._out / self._others()).unlink(missing_ok=True)
        filled = self._gradebook.filled()
        with replacing(self._out / filled.name, "utf-8", alone=True) as file:
            file.write(filled.text)
        with self._journal.transaction():
            self._journal.add_exported(filled.written)
        self.kept, self.remarks = filled.kept, filled.remarks
        with replacing(typed, "utf-8-sig", alone=True) as file:
            rows = [(for_cell(one.learner), one.column, for_cell(one.value), one.ours) for one in filled.kept]
            file.write(csv_lines([("learner", "column", "kept", "graded"), *rows]))

    def _others(self) -> str:
        """Return the name of the file with learners whom the gradebook does not have."""
        return self._gradebook.name.replace(".csv", "-others.csv")


def _of_others(text: Callable[[GradebookRow], str], roster: Roster, row: GradebookRow) -> str:
    """Return the part about a learner whom the roster does not have."""
    return "" if row.learner in roster else text(row)
