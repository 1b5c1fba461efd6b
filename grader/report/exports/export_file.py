"""The files of an export: what they are called and how their text is made. Nothing is written here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.report.exports.row import GradebookRow


@dataclass(frozen=True)
class Columns:
    """The columns of a gradebook, by exercise key: column titles, possible points, ids of criteria."""

    titles: Mapping[str, str]
    possible: Mapping[str, float]
    criteria: Mapping[str, Sequence[str]]


def nothing_of_learner(row: GradebookRow) -> str:
    """Return an empty text: this file has no part about a learner."""
    return ""


def nothing_of_report(learner: str, report: Mapping[str, Any]) -> str:
    """Return an empty text: this file has no part about a report."""
    return ""


@dataclass(frozen=True)
class ClassFile:
    """A file about the whole class: its start, a part for each learner and for each report, and its end."""

    name: str
    start: str = ""
    end: str = ""
    encoding: str = "utf-8"
    of_learner: Callable[[GradebookRow], str] = nothing_of_learner
    of_report: Callable[[str, Mapping[str, Any]], str] = nothing_of_report


@dataclass(frozen=True)
class HandedIn:
    """The hand-in that a report is about: whose it is, the name of the file, and when it was handed in, if known.

    `source` is the graded text, None if it is not shown.
    """

    name: str
    file: str
    when: str = ""
    source: str | None = None


@dataclass(frozen=True)
class Standing:
    """The points of a report that count, None if it has no score, and a sentence about lateness or an empty text.

    `decisions` says what people decided about it, one sentence each. `handed_in` is None if nothing about the hand-in
    may be shown.
    """

    final: float | None = None
    late: str = ""
    decisions: tuple[str, ...] = ()
    handed_in: HandedIn | None = None


@dataclass(frozen=True)
class ReportFile:
    """A file that is made of each report. `name` has the fields `{learner}`, a folder name, and `{exercise}`, a key.

    `text` takes the mapping that the report's JSON holds, and its standing.
    """

    name: str
    text: Callable[[Mapping[str, Any], Standing], str]


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    r"""Return rows as lines of CSV (RFC 4180).

    >>> csv_lines([["a", "Lovelace, Ada"], [1, ""]])
    'a,"Lovelace, Ada"\r\n1,\r\n'
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
