"""`canvas.csv`, which Canvas' gradebook imports (canvas-lms, `lib/gradebook_importer.rb`).

Canvas finds people by `ID`, else by the SIS ids, else by name; assignments by the `(id)` behind their title, else by
their title, else it makes new ones. An empty cell changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.report.exports.row import GradebookRow, amount
from grader.text import for_cell

_PEOPLE = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]


def canvas_header(titles: Mapping[str, str], possible: Mapping[str, float]) -> list[list[Any]]:
    """The two lines above the learners; `titles` are the assignments' columns by exercise key."""
    points = ["    Points Possible", "", "", "", "", *(amount(possible[key]) for key in titles)]
    return [[*_PEOPLE, *titles.values()], points]


def canvas_row(row: GradebookRow, titles: Mapping[str, str]) -> list[Any]:
    """One learner's line, with the final scores."""
    people = [row.display_name, row.platform_id, row.sis_user, row.sis_login, row.section]
    grades = [row.grades.get(key) for key in titles]
    return [*map(for_cell, people), *(amount(grade.final) if grade is not None else "" for grade in grades)]
