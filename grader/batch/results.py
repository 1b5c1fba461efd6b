"""The results of a run, written from its journal: the same journal gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from grader.batch.journal import Graded, Journal, JournalError
from grader.batch.run import BatchError
from grader.course import Course

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_results(journal: Journal, run: int, course: Course, out: Path) -> None:
    """`reports/<learner>/<exercise>.json` and `gradebook.csv`. Raises BatchError; the journal keeps everything."""
    try:
        with _replacing(out / "gradebook.csv") as gradebook:
            writer = csv.writer(gradebook, lineterminator="\r\n")
            writer.writerow(_header(course))
            for learner, rows in groupby(journal.results(run), key=lambda row: row[0]):
                reports = {}
                for _, exercise, _, graded in rows:
                    if graded is None:
                        continue
                    _write_report(out / "reports" / learner / f"{exercise}.json", graded.report)
                    reports[exercise] = graded
                writer.writerow(_row(course, learner, reports))
    except (OSError, JournalError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BatchError(
            f"The results cannot be written to {out}: {reason}. "
            "Every report is safe in its journal: run the same command again."
        ) from None


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> neutral("=cmd|' /C calc'!A0"), neutral("anna")
    ("'=cmd|' /C calc'!A0", 'anna')
    """
    return f"'{text}" if text.lstrip(" '\"").startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text


def _header(course: Course) -> list[str]:
    header = ["learner"]
    for exercise in course:
        header += [f"{exercise.key} earned", f"{exercise.key} possible", f"{exercise.key} note"]
        header += [f"{exercise.key} {criterion.id}" for criterion in exercise.rubric.criteria]
    return header


def _row(course: Course, learner: str, reports: dict[str, Graded]) -> list[Any]:
    """One learner. A report with a fault of ours has no points here: they are not known yet."""
    row: list[Any] = [neutral(learner)]
    for exercise in course:
        criteria = exercise.rubric.criteria
        graded = reports.get(exercise.key)
        if graded is None:
            row += ["", "", "missing", *([""] * len(criteria))]
            continue
        report = json.loads(graded.report)
        if graded.faults:
            row += ["", report["score"]["possible"], "a fault of the grader: grade again", *([""] * len(criteria))]
            continue
        note = report["problems"][0]["message"] if report["problems"] else ""
        row += [report["score"]["earned"], report["score"]["possible"], neutral(note)]
        row += [criterion["earned"] for criterion in report["criteria"]]
    return row


def _write_report(path: Path, text: str) -> None:
    """Write a report unless it is there already."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return
    except (OSError, UnicodeDecodeError):
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class _replacing:  # noqa: N801 # used as a function
    """A text file that takes its name when it is whole: UTF-8 with the mark that spreadsheets look for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.partial")

    def __enter__(self) -> io.TextIOWrapper:
        self._file = self._partial.open("w", encoding="utf-8-sig", newline="")
        return self._file

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._partial, self._path)
        else:
            self._partial.unlink(missing_ok=True)


def faults_of(journal: Journal, run: int) -> Iterator[str]:
    """One line for each report that a fault of ours spoiled, and each submission without a report."""
    for learner, exercise, _, graded in journal.results(run):
        if graded is None:
            yield f"{learner} {exercise}: not graded"
        elif graded.faults:
            yield f"{learner} {exercise}: {json.loads(graded.report)['grader_faults'][0]['message']}"
    for learner, exercise, message in journal.events(run):
        yield f"{learner} {exercise}: {message}"
