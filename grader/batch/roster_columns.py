"""Find the columns of a roster: those of our own format, and those of the files that learning platforms write.

Canvas writes English names (canvas-lms, `lib/gradebook_importer.rb`). Moodle writes its worksheet in the language of
the teacher (moodle, `mod/assign/gradingtable.php`), so its columns are found by their places and by what they hold: the
name of the grade's column comes again in brackets, as in "Zuletzt geändert (Bewertung)".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

_COLUMNS = {
    "id": ("id", "learner", "student id", "sid", "identifier", "user id", "username"),
    "name": ("name", "student", "full name", "learner name"),
    "first": ("first name", "firstname", "first"),
    "last": ("last name", "lastname", "surname", "last"),
    "email": ("email", "email address", "e-mail"),
    "section": ("section", "sections", "groups"),
    "group": ("group", "team", "group_name", "group name"),
    "role": ("role", "roles"),
    "sis_user": ("sis user id",),
    "sis_login": ("sis login id",),
    "github": ("github_username", "github username"),
    "late_days": ("late_days", "late days"),
    "late_hours": ("late_hours", "late hours"),
    "free_days": ("free_days", "free days", "extension", "extension days"),
    "due": ("due", "deadline", "extended until"),
}
_MOODLE_STATUS = ("status", "statut", "estado", "stato", "état")
_MOODLE_GROUP = ("group", "gruppe", "groupe", "grupo", "gruppo")
_PARTICIPANT = re.compile(r"\D+(\d+)")  # Moodle: "Participant 123" or "Teilnehmer/in123"
_IN_BRACKETS = re.compile(r".+\((?P<name>[^()]+)\)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Platform(Enum):
    """The program that wrote a roster."""

    OTHER = auto()
    CANVAS = auto()
    MOODLE = auto()


@dataclass(frozen=True)
class RosterColumns:
    """The position of each kind of column, and the program that wrote the file."""

    platform: Platform = Platform.OTHER
    at: Mapping[str, int] = field(default_factory=dict)


def columns_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> RosterColumns:
    """Return the columns of a roster with these rows below its header."""
    moodle = _moodle(header, rows)
    if moodle:
        return RosterColumns(Platform.MOODLE, moodle)
    platform = Platform.CANVAS if _is_canvas(header) else Platform.OTHER
    return RosterColumns(platform, known_columns(header))


def known_columns(header: Sequence[str]) -> dict[str, int]:
    """Return the position of each kind of column that has one of our names."""
    names = [name.strip().casefold() for name in header]
    found = {}
    for kind, spellings in _COLUMNS.items():
        at = next((names.index(spelling) for spelling in spellings if spelling in names), None)
        if at is not None:
            found[kind] = at
    return found


def participant(text: str) -> str:
    """Return the number of a participant of Moodle, or an empty text.

    >>> participant("Participant 123"), participant("Teilnehmer/in77"), participant("anna")
    ('123', '77', '')
    """
    match = _PARTICIPANT.fullmatch(text)
    return match[1] if match is not None else ""


def _is_canvas(header: Sequence[str]) -> bool:
    names = [name.strip() for name in header[:3]]
    return names[:2] == ["Student", "ID"] or names == ["LastName", "FirstName", "ID"]


def _moodle(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return the columns of a worksheet of Moodle; empty if the file is none."""
    names = [name.strip().casefold() for name in header]
    again = {match["name"]: at for at, name in enumerate(names) if (match := _IN_BRACKETS.fullmatch(name)) is not None}
    grade = next((at for at, name in enumerate(names) if at >= 2 and name in again), None)
    identifiers = [row[0].strip() for row in rows if row and row[0].strip()]
    if grade is None or not all(map(participant, identifiers)):
        return {}
    found = {"id": 0, "name": 1, "grade": grade, "most": grade + 1, "moodle_modified": again[names[grade]]}
    if found["moodle_modified"] + 1 < len(names):
        found["comment"] = found["moodle_modified"] + 1
    for at in range(2, grade):
        values = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
        if names[at] in _MOODLE_STATUS:
            found["moodle_status"] = at
        elif names[at] in _MOODLE_GROUP:
            found["group"] = at
        elif values and all(map(_EMAIL.fullmatch, values)):
            found["email"] = at
    return found
