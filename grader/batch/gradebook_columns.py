"""Find the columns of a gradebook that grades and comments come into.

The column of an exercise in Canvas is one that an instructor has named, with any title: `Lab 3: Dropout (48213)`. It is
found by its words and its number. If several fit, none is taken, and the instructor must choose with `--column`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.batch.roster import Roster
from grader.batch.roster_columns import Platform
from grader.course import did_you_mean
from grader.grade_error import GradeError
from grader.report.exports import amount

_TITLE_WITH_ID = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)")
_NUMBER_AFTER_WORD = re.compile(r"[^\W\d_]+[ #_.-]{0,3}0{0,3}(?P<number>\d{1,3})\b")
_READ_ONLY = "read only"


class ColumnError(GradeError):
    """A column that an instructor has named is not in the gradebook."""


@dataclass(frozen=True)
class Target:
    """A column that is filled in: its place, its name, the exercises whose points it has, and its decimal sign."""

    at: int
    header: str
    keys: tuple[str, ...]
    decimal: str = "."
    is_comment: bool = False

    @property
    def field(self) -> str:
        """The name of the column in the journal, which stays the same if somebody renames the column."""
        return f"{'+'.join(self.keys)}{' comment' if self.is_comment else ''}"

    def number(self, points: float) -> str:
        """Return points as the gradebook writes them.

        >>> Target(1, "Bewertung", (), ",").number(6.4), Target(1, "Grade", ()).number(8.0)
        ('6,4', '8')
        """
        return str(amount(round(points, 2))).replace(".", self.decimal)


def targets_of(
    roster: Roster, titles: Mapping[str, str], possible: Mapping[str, float], named: Sequence[str]
) -> tuple[list[Target], list[str]]:
    """Return the columns to fill in, and what the instructor should know. Raises ColumnError.

    `titles` are the titles of the exercises by key. `named` are choices of the instructor: `3=Lab 3 (48213)`.
    """
    if roster.columns.platform is Platform.MOODLE:
        return _of_moodle(roster, possible)
    return _of_canvas(roster, titles, possible, named)


def _of_moodle(roster: Roster, possible: Mapping[str, float]) -> tuple[list[Target], list[str]]:
    assert roster.sheet is not None
    header, at, keys = roster.sheet.header, roster.columns.at, tuple(possible)
    values = [row[at["most"]] for _, row in roster.sheet.rows[1:] if at["most"] < len(row)]
    decimal = "," if any("," in value for value in values) else "."
    targets = [Target(at["grade"], header[at["grade"]], keys, decimal)]
    if "comment" in at:
        targets.append(Target(at["comment"], header[at["comment"]], keys, is_comment=True))
    remarks = []
    most = next((float(value.replace(",", ".")) for value in values if _is_number(value)), None)
    points = sum(possible.values())
    if most is not None and most != points:
        remarks.append(
            f"The maximum grade in Moodle is {amount(most)}, and the exercises have {amount(points)} points. "
            "The grades are points; change the maximum grade of the assignment in Moodle."
        )
    return targets, remarks


def _of_canvas(
    roster: Roster, titles: Mapping[str, str], possible: Mapping[str, float], named: Sequence[str]
) -> tuple[list[Target], list[str]]:
    assert roster.sheet is not None
    header, rows = roster.sheet.header, [row for _, row in roster.sheet.rows[1:]]
    points = next((row for row in rows if row and "Points Possible" in row[0]), ())
    assignments = [
        at
        for at, title in enumerate(header)
        if _TITLE_WITH_ID.fullmatch(title) and _READ_ONLY not in (points[at] if at < len(points) else "")
    ]
    decimal = "," if roster.sheet.delimiter == ";" and any("," in cell for cell in points) else "."
    chosen = _chosen(header, titles, named)
    targets, remarks = [], []
    for key, title in titles.items():
        fits = [chosen[key]] if key in chosen else _fitting(header, assignments, key, title)
        if len(fits) == 1:
            targets.append(Target(fits[0], header[fits[0]], (key,), decimal))
            remarks += _other_points(points, fits[0], header[fits[0]], possible[key])
        elif fits:
            columns = " and ".join(f'"{header[at]}"' for at in fits)
            remarks.append(f"{columns} may both be {key}, so neither is filled in. Choose one: --column '{key}=...'")
        else:
            at = len(header) + sum(one.at >= len(header) for one in targets)
            number = int(key.partition("_")[0])
            targets.append(Target(at, f"Exercise {number}: {title}", (key,), decimal))
            remarks.append(
                f"The gradebook has no column for {key}, so Canvas will offer to make one. "
                f"To use a column that is there: --column '{key}=...'"
            )
    return targets, remarks


def _chosen(header: Sequence[str], titles: Mapping[str, str], named: Sequence[str]) -> dict[str, int]:
    """Return the columns that the instructor has named, by exercise key. Raises ColumnError."""
    found = {}
    for choice in named:
        name, equals, wanted = choice.partition("=")
        key = next((one for one in titles if name in (one, one.partition("_")[2], str(int(one.partition("_")[0])))), "")
        if not equals or not key:
            raise ColumnError(
                f"--column {choice!r} names no exercise that was graded; expected for example 3='Lab 3 (48213)'. "
                f"Graded: {', '.join(titles)}."
            )
        at = next((at for at, title in enumerate(header) if wanted in (title, _without_id(title))), None)
        if at is None:
            hint = did_you_mean(wanted, list(header)) or f" It has {', '.join(header)}."
            raise ColumnError(f"--column names {wanted!r}, which is not a column of the gradebook.{hint}")
        found[key] = at
    return found


def _fitting(header: Sequence[str], assignments: Sequence[int], key: str, title: str) -> list[int]:
    """Return the columns that fit an exercise best."""
    scores = {at: _fit(_without_id(header[at]), key, title) for at in assignments}
    best = max(scores.values(), default=0)
    return [at for at, score in scores.items() if score == best] if best else []


def _fit(shown: str, key: str, title: str) -> int:
    """Return how well the title of a column fits an exercise; 0 if it does not fit.

    >>> [_fit(one, "03_dropout", "Dropout") for one in ("Dropout", "Lab 3: Dropout", "HW3", "Dropout quiz", "Lab 13")]
    [4, 3, 2, 1, 0]
    """
    number = str(int(key.partition("_")[0]))
    plain = shown.casefold().strip()
    if plain in (title.casefold(), key, f"exercise {number}", f"exercise {number}: {title.casefold()}"):
        return 4
    numbers = {match["number"] for match in _NUMBER_AFTER_WORD.finditer(shown)}
    has_title = re.search(rf"\b{re.escape(title.casefold())}\b", plain) is not None
    if numbers and number not in numbers:
        return 0  # Lab 4: more dropout
    return 2 * (number in numbers) + has_title


def _without_id(title: str) -> str:
    match = _TITLE_WITH_ID.fullmatch(title)
    return match["title"] if match is not None else title


def _other_points(points: Sequence[str], at: int, header: str, possible: float) -> list[str]:
    """Return a remark if Canvas has other possible points for the column."""
    text = points[at].strip() if at < len(points) else ""
    if not _is_number(text) or float(text.replace(",", ".")) == possible:
        return []
    return [
        f'"{header}" has {text} possible points in Canvas, and the exercise has {amount(possible)}. '
        "The grades are points; change the possible points of the assignment in Canvas."
    ]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*\d+(?:[.,]\d+)?\s*", text) is not None
