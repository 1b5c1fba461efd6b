"""Fill in the gradebook that a learning platform wrote, and change nothing else in it.

Every other column stays as it is, and so does every line. A grade or a comment that a person typed in stays too, unless
the instructor wants it replaced: a value is a person's if it is neither ours now nor was ours in an earlier run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.batch.batch_journal import BatchJournal
from grader.batch.gradebook_columns import Target, targets_of
from grader.batch.roster import Roster, is_person, person_id
from grader.batch.roster_columns import Platform
from grader.report.exports import GradebookRow, NoScore, total_grade
from grader.report.exports.formats.canvas import EXCUSED
from grader.report.exports.formats.moodle import feedback

_EMPTY = ("", "-", "n/a")
_SPACE = re.compile(r"<br\s*/?>|\s+")


@dataclass(frozen=True)
class Kept:
    """A value that a person typed into a gradebook and that is not replaced; `ours` is what would be there instead."""

    learner: str
    column: str
    value: str
    ours: str

    def __str__(self) -> str:
        return f'{self.learner}: "{self.column}" keeps {_shown(self.value)}; graded {_shown(self.ours)}'


@dataclass(frozen=True)
class FilledFile:
    """A filled gradebook: its name in the results, its text, and what was kept in it or must be known about it."""

    name: str
    text: str
    kept: tuple[Kept, ...] = ()
    written: tuple[tuple[str, str, str, str], ...] = ()  # for the journal: file, learner, field, value
    remarks: tuple[str, ...] = ()


@dataclass
class GradebookFile:
    """The gradebook that was given as the roster, and the grades that come into it."""

    roster: Roster
    journal: BatchJournal
    titles: Mapping[str, str]
    possible: Mapping[str, float]
    columns: Sequence[str] = ()
    replace_manual: bool = False
    _rows: dict[str, GradebookRow] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the filled file; empty if the roster is not a gradebook."""
        names = {Platform.CANVAS: "canvas.csv", Platform.MOODLE: "moodle.csv"}
        return names.get(self.roster.columns.platform, "") if self.roster.sheet is not None else ""

    def add(self, row: GradebookRow) -> None:
        """Add the grades of a learner, if the file has a line for them."""
        if self.name and row.learner in self.roster:
            self._rows[row.learner] = row

    def filled(self) -> FilledFile:
        """Return the file with the grades. Raises ColumnError if a column that was named is not in it."""
        sheet = self.roster.sheet
        assert sheet is not None
        targets, remarks = targets_of(self.roster, self.titles, self.possible, self.columns)
        kept: list[Kept] = []
        written: list[tuple[str, str, str, str]] = []
        rows = sheet.exact_rows()
        header = rows[0]
        new = [one for one in targets if one.at >= len(header)]
        width = len(header) + len(new)
        for row in rows:
            row += [""] * (width - len(row)) if any(row) else []
        for one in new:
            header[one.at] = one.header
        for row in rows[1:]:
            fields = {kind: row[at].strip() if at < len(row) else "" for kind, at in self.roster.columns.at.items()}
            if not is_person(self.roster.columns, row, fields):
                self._say_points(row, new)
                continue
            learner = person_id(fields, self.roster.columns.platform)
            for one in targets if learner in self._rows else ():
                ours = self._value(one, self._rows[learner])
                value = self._settled(learner, one, row[one.at], ours, kept)
                if ours:
                    written.append((self.name, learner, one.field, ours))
                row[one.at] = value
        return FilledFile(self.name, sheet.written(rows), tuple(kept), tuple(written), tuple(remarks))

    def _say_points(self, row: list[str], new: Sequence[Target]) -> None:
        """Write the possible points of a new column into Canvas' line about them."""
        if row and "Points Possible" in row[0]:
            for one in new:
                row[one.at] = one.number(sum(self.possible[key] for key in one.keys))

    def _value(self, target: Target, row: GradebookRow) -> str:
        """Return our value for a cell; an empty text if there is none."""
        grade = total_grade(row.grades, target.keys, self.possible)
        if grade is None:
            return ""
        if target.is_comment:
            return feedback(grade)
        if grade.no_score is NoScore.EXCUSED and self.roster.columns.platform is Platform.CANVAS:
            return EXCUSED
        return target.number(grade.final) if grade.final is not None else ""

    def _settled(self, learner: str, target: Target, given: str, ours: str, kept: list[Kept]) -> str:
        """Return the value that a cell has in the end, and note it if a person typed it."""
        if not ours or _same(given, ours, target.is_comment):
            return given
        is_free = given.strip().casefold() in _EMPTY or any(
            _same(given, earlier, target.is_comment)
            for earlier in self.journal.exported(self.name, learner, target.field)
        )
        if is_free or (self.replace_manual and given.strip().upper() != EXCUSED):
            return ours
        kept.append(Kept(learner, target.header, given, ours))
        return given


def _same(given: str, ours: str, is_comment: bool) -> bool:
    """Return True if two cells say the same: `6.40` and `6,4`, or comments that differ in line breaks only."""
    if is_comment:
        return _SPACE.sub(" ", given).strip() == _SPACE.sub(" ", ours).strip()
    if given.strip().upper() == ours == EXCUSED:
        return True
    first, second = _number(given), _number(ours)
    return first is not None and second is not None and round(first - second, 2) == 0


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _shown(value: str) -> str:
    plain = _SPACE.sub(" ", value).strip()
    return plain if _number(plain) is not None else f'"{plain[:60]}"'
