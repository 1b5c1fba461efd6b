"""The rows of the journal of a batch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from grader.grade_error import GradeError


class JournalError(GradeError):
    """The journal cannot be used. The message says what to do."""


@dataclass(frozen=True)
class Content:
    """Everything that a report depends on. The same content is not graded twice."""

    learner: str
    exercise: str
    sha256: str
    course_hash: str
    seed: int
    isolation: str


@dataclass(frozen=True)
class Graded:
    """A report in the journal. `faults` counts the faults of the grader. A report with faults is not final."""

    content: Content
    report: str
    faults: int
    seconds: float

    def parsed(self) -> dict[str, Any]:
        """Return the report as data. Raises JournalError if it is damaged."""
        try:
            report = json.loads(self.report)
        except ValueError:
            report = None
        if not isinstance(report, dict) or not report.keys() >= {"score", "criteria", "grader_faults"}:
            raise JournalError(f"The report of {self.content.learner} is damaged. Grade again with --force.")
        return report


@dataclass(frozen=True)
class Entry:
    """One hand-in that a run found. `details` is JSON: what the intake knows about it."""

    content: Content
    details: str


def is_ungraded(details: str) -> bool:
    """Return True if an entry with these details is not to be graded: it is refused, or it is an unchanged stub."""
    found = json.loads(details)
    return bool(found.get("refusal") or found.get("is_stub"))
