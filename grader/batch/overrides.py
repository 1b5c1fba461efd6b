"""Decisions of people about grades: `overrides.csv` in the results folder.

The columns are `learner,exercise,criterion,points,comment,by`. Without a criterion, or with `total`, the points are the
final score. `excused` in place of points means that the learner need not do the exercise. A line stays until a person
removes it: every grading reads the file and applies it on top of what the grader found.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.batch.roster import Roster
from grader.batch.sheet import Sheet, read_sheet
from grader.course import Course, Exercise, Fault, UnknownExerciseError, did_you_mean
from grader.report.exports import amount
from grader.submission.intake import FaultyFileError
from grader.text import without_formula

COLUMNS = ("learner", "exercise", "criterion", "points", "comment", "by")
TOTAL, EXCUSED = "total", "excused"
_NEEDED = ("learner", "exercise", "points")


@dataclass(frozen=True)
class Override:
    """One decision. `criterion` is empty for the whole exercise. `points` is None if the learner is excused."""

    learner: str
    exercise: str
    criterion: str = ""
    points: float | None = None
    comment: str = ""
    by: str = ""
    line: int = 0

    @property
    def target(self) -> tuple[str, str, str]:
        """The learner, the exercise and the criterion: there is one decision for them."""
        return self.learner, self.exercise, self.criterion

    @property
    def reason(self) -> str:
        """The comment and its author, as the end of a sentence; an empty text without both."""
        author = f"({self.by})" if self.by else ""
        return " ".join(filter(None, (self.comment, author)))


def read_overrides(path: Path, course: Course, roster: Roster) -> tuple[Override, ...]:
    """Read the decisions in a CSV file. Raises FaultyFileError with each fault and its line."""
    sheet = overrides_sheet(path)
    faults: list[Fault] = []
    found: dict[tuple[str, str, str], Override] = {}
    for line, row in sheet.rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        override, complaint = override_in(fields_of(sheet.header, row), course, roster)
        if override is None:
            faults.append(Fault(path, line, complaint))
        elif override.target in found:
            earlier = found[override.target].line
            faults.append(Fault(path, line, f"decides the same as line {earlier}; remove one of them"))
        else:
            found[override.target] = replace(override, line=line)
    if faults:
        raise FaultyFileError(faults)
    return tuple(found.values())


def most_points(exercise: Exercise, criterion: str) -> float:
    """Return the most points that a person can give; for the whole exercise, with all bonus points."""
    criteria = exercise.rubric.criteria
    return float(sum(one.points for one in criteria if criterion in ("", one.id)))


def criterion_fault(exercise: Exercise, criterion: str) -> str:
    """Return why a criterion is unknown; an empty text if the exercise has it."""
    known = [one.id for one in exercise.rubric.criteria]
    if not criterion or criterion in known:
        return ""
    hint = did_you_mean(criterion, known) or f" It has {', '.join(known)}."
    return f"{exercise.key} has no criterion {criterion!r}.{hint}"


def points_fault(exercise: Exercise, criterion: str, points: float) -> str:
    """Return why a person cannot give these points; an empty text if they can."""
    most = most_points(exercise, criterion)
    if 0 <= points <= most:
        return ""
    what = f"criterion {criterion}" if criterion else "this exercise, with all bonus points"
    shown = amount(points) if math.isfinite(points) else points
    return f"{shown} points are not possible; expected 0 to {amount(most)} for {what}"


def override_in(fields: Mapping[str, str], course: Course, roster: Roster) -> tuple[Override | None, str]:
    """Return the decision in a line, or why it is none."""
    learner = unicodedata.normalize("NFC", _plain(fields.get("learner", "")))
    if not learner:
        return None, "names no learner"
    try:
        exercise = course.find(fields.get("exercise", ""))
    except UnknownExerciseError as error:
        return None, str(error)
    named = fields.get("criterion", "")
    criterion = "" if named.casefold() == TOTAL else named
    if complaint := criterion_fault(exercise, criterion):
        return None, complaint
    points: float | None = None
    if fields["points"].casefold() != EXCUSED:
        try:
            points = float(fields["points"].replace(",", "."))
        except ValueError:
            return None, f"points is {fields['points'][:40]!r}, expected a number or `{EXCUSED}`"
        if complaint := points_fault(exercise, criterion, points):
            return None, complaint
    elif criterion:
        return None, f"excuses from the criterion {criterion}; only a whole exercise can be excused"
    comment, by = _plain(fields.get("comment", "")), _plain(fields.get("by", ""))
    return Override(roster.resolve(learner), exercise.key, criterion, points, comment, by), ""


def overrides_sheet(path: Path) -> Sheet:
    """Read the file as a table. Raises FaultyFileError if it has no such columns."""
    sheet = read_sheet(path, "learner", lambda names: sum(name.strip().casefold() in COLUMNS for name in names))
    header = [name.strip().casefold() for name in sheet.header]
    missing = next((name for name in _NEEDED if name not in header), "")
    if missing:
        seen = ", ".join(sheet.header)[:200]
        raise FaultyFileError([Fault(path, sheet.header_line, f"has no column `{missing}`; it has {seen}")])
    wide = [
        Fault(path, line, f"has {len(row)} values, expected {len(header)}; put quotes around a value with a comma")
        for line, row in sheet.rows[1:]
        if any(cell.strip() for cell in row[len(header) :])
    ]
    if wide:
        raise FaultyFileError(wide)
    return sheet


def fields_of(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Return the values of a line by the names of their columns."""
    return {name.strip().casefold(): row[at].strip() if at < len(row) else "" for at, name in enumerate(header)}


def _plain(cell: str) -> str:
    """Return the text that `without_formula` made a cell of."""
    return cell[1:] if cell.startswith("'") and without_formula(cell[1:]) == cell else cell
