"""Change `overrides.csv` in a results folder. Other lines, columns and the form of the file stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.batch.given_files import Given
from grader.batch.overrides import COLUMNS, EXCUSED, Override, fields_of, override_in, overrides_sheet, read_overrides
from grader.batch.roster import Roster
from grader.batch.run import OVERRIDES, BatchError
from grader.course import Course
from grader.report.exports import amount, csv_lines
from grader.text import for_path, without_formula
from grader.writing import write_whole

_MARK = "\ufeff"  # spreadsheets look for it


def own_overrides(out: Path, course: Course, roster: Roster) -> tuple[Override, ...]:
    """Return the decisions in a results folder. Raises FaultyFileError."""
    path = out / OVERRIDES
    return read_overrides(path, course, roster) if path.exists() else ()


def add_overrides(out: Path, given: Given) -> tuple[Override, ...]:
    """Add the decisions of an instructor's file to those in a results folder, and return all of them.

    Raises FaultyFileError, and BatchError if they cannot be written.
    """
    before = own_overrides(out, given.course, given.roster)
    if not given.overrides:
        return before
    write_overrides(out, given.overrides, given.course, given.roster)
    return own_overrides(out, given.course, given.roster)


def write_overrides(out: Path, new: Sequence[Override], course: Course, roster: Roster) -> None:
    """Write decisions into the file of a results folder, on disk when this returns. Raises BatchError."""
    path = out / OVERRIDES
    _write(path, changed_text(path, {one.target: one for one in new}, course, roster))


def remove_override(out: Path, target: tuple[str, str, str], course: Course, roster: Roster) -> None:
    """Remove a decision from the file of a results folder. Raises BatchError."""
    path = out / OVERRIDES
    _write(path, changed_text(path, {target: None}, course, roster))


def changed_text(
    path: Path, changes: Mapping[tuple[str, str, str], Override | None], course: Course, roster: Roster
) -> str:
    """Return the text of the file with these decisions by target; None removes one."""
    waiting = dict(changes)
    if not path.exists():
        return _MARK + csv_lines([COLUMNS, *(_cells(one, ".") for one in waiting.values() if one is not None)])
    sheet = overrides_sheet(path)
    decimal = "," if sheet.delimiter == ";" else "."
    rows = sheet.exact_rows()
    header = [name.strip().casefold() for name in rows[0]]
    lacking = [name for name in COLUMNS if name not in header]
    header += lacking
    kept = [[*rows[0], *lacking]]
    for row in rows[1:]:
        known = override_in(fields_of(header, row), course, roster)[0] if any(row) else None
        if known is None or known.target not in changes:
            kept.append(row)
        elif (one := waiting.pop(known.target)) is not None:
            kept.append(_row(header, row, _cells(one, decimal)))
    kept += [_row(header, [], _cells(one, decimal)) for one in waiting.values() if one is not None]
    return sheet.written(kept)


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise BatchError(
            f"{for_path(path)} cannot be written: {error.strerror or error}. Nothing was changed."
        ) from None


def _row(header: Sequence[str], row: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return a row with these cells; columns with other names keep theirs."""
    old = [*row, *[""] * (len(header) - len(row))]
    values = dict(zip(COLUMNS, cells, strict=True))
    return [values.get(name, cell) for name, cell in zip(header, old, strict=False)]


def _cells(override: Override, decimal: str) -> list[str]:
    points = EXCUSED if override.points is None else str(amount(override.points)).replace(".", decimal)
    texts = (without_formula(text) for text in (override.comment, override.by))
    return [without_formula(override.learner), override.exercise, override.criterion, points, *texts]
