"""`canvas.csv`, which the gradebook of Canvas imports (canvas-lms, `lib/gradebook_importer.rb`).

Canvas finds people by `ID`, else by the SIS ids, else by name. It finds assignments by the `(id)` after their title,
else by their title, else it makes new ones. An empty cell removes a score, so a learner without a score has no line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.report.exports.export_file import ClassFile, Columns, csv_lines
from grader.report.exports.row import ExerciseGrade, GradebookRow, NoScore, amount
from grader.text import for_cell

EXCUSED = "EX"
_PEOPLE = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]


def class_files(columns: Columns) -> list[ClassFile]:
    """Return the gradebook for Canvas."""
    start = csv_lines(canvas_header(columns.titles, columns.possible))
    return [ClassFile("canvas.csv", start, of_learner=lambda row: canvas_line(row, columns.titles))]


def canvas_header(titles: Mapping[str, str], possible: Mapping[str, float]) -> list[list[Any]]:
    """Return the two lines above the learners; `titles` are the assignments' columns by exercise key."""
    points = ["    Points Possible", "", "", "", "", *(amount(possible[key]) for key in titles)]
    return [[*_PEOPLE, *titles.values()], points]


def canvas_line(row: GradebookRow, titles: Mapping[str, str]) -> str:
    """Return a learner's line as text; an empty text without a score."""
    scored = any(canvas_score(grade) != "" for grade in row.grades.values())
    return csv_lines([canvas_row(row, titles)]) if scored else ""


def canvas_row(row: GradebookRow, titles: Mapping[str, str]) -> list[Any]:
    """Return a learner's line, with the final scores."""
    people = [row.display_name, row.platform_id, row.sis_user, row.sis_login, row.section]
    grades = [row.grades.get(key) for key in titles]
    return [*map(for_cell, people), *(canvas_score(grade) if grade is not None else "" for grade in grades)]


def canvas_score(grade: ExerciseGrade) -> Any:
    """Return what Canvas reads as this grade: points, `EX` for an excused learner, or an empty cell."""
    return EXCUSED if grade.no_score is NoScore.EXCUSED else amount(grade.final)
