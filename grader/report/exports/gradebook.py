"""`gradebook.csv`: a row a learner, a column a criterion; for a spreadsheet and for scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.report.exports.row import ExerciseGrade, GradebookRow, amount
from grader.text import for_cell


def gradebook_header(criteria: Mapping[str, Sequence[str]]) -> list[str]:
    """The names of the columns; `criteria` has the ids of the criteria by exercise key."""
    header = ["learner", "name", "email", "section"]
    for key, ids in criteria.items():
        header += [f"{key} raw", f"{key} late days", f"{key} final", f"{key} possible", f"{key} note"]
        header += [f"{key} {one}" for one in ids]
    return header


def gradebook_row(row: GradebookRow, criteria: Mapping[str, Sequence[str]]) -> list[Any]:
    """One learner's line."""
    cells: list[Any] = [for_cell(text) for text in (row.learner, row.name, row.email, row.section)]
    for key, ids in criteria.items():
        grade = row.grades.get(key)
        if grade is None:
            cells += ["", "", "", "", "missing", *([""] * len(ids))]
            continue
        late = grade.late_days if grade.raw is not None else ""
        cells += [amount(grade.raw), late, amount(grade.final), amount(grade.possible), for_cell(grade.note)]
        cells += [amount(grade.criteria.get(one)) if grade.raw is not None else "" for one in ids]
    return cells


def missing(possible: float) -> ExerciseGrade:
    """Of somebody who handed nothing in."""
    return ExerciseGrade(possible, note="missing")
