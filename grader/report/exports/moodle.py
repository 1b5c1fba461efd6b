"""`moodle.csv`, Moodle's offline grading worksheet (`mod/assign/feedback/offline/importgradeslib.php`).

The importer finds its columns by their exact names, people by the number behind "Participant ", and leaves out a line
whose `Last modified (grade)` is older than what Moodle has, unless it is told not to: the value that Moodle wrote is
therefore carried over.
"""

from __future__ import annotations

from typing import Any

from grader.report.exports.row import ExerciseGrade, GradebookRow, amount
from grader.text import counted, for_cell

MOODLE_HEADER = [
    "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Last modified (grade)",
    "Feedback comments",
]  # fmt: skip


def moodle_row(row: GradebookRow, grade: ExerciseGrade | None, possible: float) -> list[Any]:
    """One learner's line for one assignment."""
    identifier = f"Participant {row.learner}" if row.learner.isdigit() else row.learner
    handed_in = grade is not None and grade.note != "missing"
    status = "Submitted for grading" if handed_in else "No submission"
    final = grade.final if grade is not None else None
    feedback = _feedback(grade) if grade is not None else ""
    people = [for_cell(identifier), for_cell(row.name), for_cell(row.email)]
    return [*people, status, amount(final), amount(possible), row.moodle_modified, feedback]


def _feedback(grade: ExerciseGrade) -> str:
    """One sentence; Moodle shows it as HTML, so it holds only what we wrote ourselves."""
    if grade.raw is None or grade.final is None:
        return ""
    text = f"{amount(grade.raw)} of {amount(grade.possible)} points."
    if grade.late_days:
        text += f" {counted(grade.late_days, 'day')} late: {amount(grade.final)} points."
    return text
