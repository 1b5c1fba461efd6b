"""`moodle.csv`, Moodle's offline grading worksheet (`mod/assign/feedback/offline/importgradeslib.php`).

The importer finds its columns by their exact names, and people by the number after "Participant ". By default it leaves
out a line whose `Last modified (grade)` is older than Moodle's own, so we copy the value that Moodle wrote.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from grader.report.exports.export_file import ClassFile, Columns, csv_lines
from grader.report.exports.row import ExerciseGrade, GradebookRow, amount, total_grade
from grader.text import for_cell

MOODLE_HEADER = [
    "Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Last modified (grade)",
    "Feedback comments",
]  # fmt: skip


def class_files(columns: Columns) -> list[ClassFile]:
    """Return a worksheet for all exercises together and, if there are several, one for each."""
    keys = list(columns.possible)
    files = [_worksheet("moodle.csv", keys, columns)]
    if len(keys) > 1:  # an assignment in Moodle has one grade
        files += [_worksheet(f"moodle/{key}.csv", [key], columns) for key in keys]
    return files


def _worksheet(name: str, keys: Sequence[str], columns: Columns) -> ClassFile:
    possible = sum(columns.possible[key] for key in keys)

    def line(row: GradebookRow) -> str:
        return csv_lines([moodle_row(row, total_grade(row.grades, keys, columns.possible), possible)])

    return ClassFile(name, csv_lines([MOODLE_HEADER]), of_learner=line)


def moodle_row(row: GradebookRow, grade: ExerciseGrade | None, possible: float) -> list[Any]:
    """Return a learner's line for one assignment."""
    identifier = f"Participant {row.learner}" if row.learner.isdigit() else row.learner
    status = "Submitted for grading" if grade is not None else "No submission"
    final = grade.final if grade is not None else None
    comment = feedback(grade) if grade is not None else ""
    people = [for_cell(identifier), for_cell(row.name), for_cell(row.email)]
    return [*people, status, amount(final), amount(possible), row.moodle_modified, comment]


def feedback(grade: ExerciseGrade) -> str:
    """Return why points are missing, one line each.

    Moodle shows it as HTML. It holds nothing that a learner wrote.
    """
    late = (
        [f"{grade.delay} late: {amount(grade.final)} of {amount(grade.possible)} points count."] if grade.delay else []
    )
    lines = grade.decisions if grade.final is None else (*grade.causes, *late, *grade.decisions)
    return "<br>".join(html.escape(line, quote=False) for line in lines)
