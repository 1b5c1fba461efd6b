"""`gradebook.csv`, for spreadsheets and scripts: one row per learner, one column per criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.report.exports.export_file import ClassFile, Columns, csv_lines
from grader.report.exports.row import GradebookRow, amount
from grader.text import for_cell


def class_files(columns: Columns) -> list[ClassFile]:
    """Return the table with all points."""
    return [
        ClassFile(
            "gradebook.csv",
            csv_lines([gradebook_header(columns.criteria)]),
            encoding="utf-8-sig",  # spreadsheets look for this mark
            of_learner=lambda row: csv_lines([gradebook_row(row, columns.criteria)]),
        )
    ]


def gradebook_header(criteria: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names of the columns; `criteria` has the ids of the criteria by exercise key."""
    header = ["learner", "name", "email", "section"]
    for key, ids in criteria.items():
        header += [f"{key} raw", f"{key} late days", f"{key} final", f"{key} possible", f"{key} note"]
        header += [f"{key} {one}" for one in ids]
    return header


def gradebook_row(row: GradebookRow, criteria: Mapping[str, Sequence[str]]) -> list[Any]:
    """Return a learner's line."""
    cells: list[Any] = [for_cell(text) for text in (row.learner, row.name, row.email, row.section)]
    for key, ids in criteria.items():
        grade = row.grades.get(key)
        if grade is None:
            cells += ["", "", "", "", "missing", *([""] * len(ids))]
            continue
        late = grade.late_days if grade.raw is not None else ""
        cells += [amount(grade.raw), late, amount(grade.final), amount(grade.possible), for_cell(grade.remark)]
        cells += [amount(grade.criteria.get(one)) if grade.raw is not None else "" for one in ids]
    return cells
