"""Who is in the class, from whatever list the instructor has.

Ours is `id,name,email,section,late_days,free_days`; only `id` is due. What platforms export is read as it is: a Canvas
gradebook, a Moodle grading worksheet, a Gradescope roster, a GitHub Classroom roster.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Fault
from grader.submission.intake import FaultyFileError, identity, read_text_file

ROSTER_BYTES_LIMIT = 64 * 1024 * 1024

_COLUMNS = {
    "id": ("id", "learner", "student id", "sid", "identifier", "user id", "username"),
    "name": ("name", "student", "full name", "learner name"),
    "first": ("first name", "firstname", "first"),
    "last": ("last name", "lastname", "surname", "last"),
    "email": ("email", "email address", "e-mail"),
    "section": ("section", "sections", "group", "groups"),
    "sis_user": ("sis user id",),
    "sis_login": ("sis login id",),
    "github": ("github_username", "github username"),
    "late_days": ("late_days", "late days"),
    "free_days": ("free_days", "free days", "extension", "extension days"),
    "moodle_status": ("status",),
    "moodle_modified": ("last modified (grade)",),
}
_PARTICIPANT = re.compile(r"\D*(\d+)")  # Moodle: "Participant 123", in any language
_TITLE_WITH_ID = re.compile(r"(?P<title>.+) \(\d+\)")


@dataclass(frozen=True)
class Person:
    """One line of the roster. `late_days` is what the instructor notes, None where nothing is noted."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    sis_user: str = ""
    sis_login: str = ""
    late_days: float | None = None
    free_days: float = 0.0
    moodle_modified: str = "-"
    platform_id: str = ""


@dataclass(frozen=True)
class Roster:
    """Everybody in the class, found by any name a platform has for them."""

    people: dict[str, Person] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # Canvas' columns: title, and title with its id

    def resolve(self, learner: str) -> str:
        """The id in the roster of whoever handed something in under this name, or the name itself."""
        return self.aliases.get(learner.casefold(), learner)

    def __contains__(self, learner: str) -> bool:
        return learner in self.people

    def __bool__(self) -> bool:
        return bool(self.people)


def read_roster(path: Path) -> Roster:
    """The roster in a CSV file. Raises FaultyFileError with every fault and its line."""
    text = read_text_file(path, ROSTER_BYTES_LIMIT)
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)  # a spreadsheet of a country with decimal commas writes semicolons
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise FaultyFileError([Fault(path, reader.line_num, f"is not CSV: {error}")]) from None
    if not rows:
        raise FaultyFileError([Fault(path, 1, "is empty; expected a line of column names, `id` among them")])
    columns = _columns(rows[0][1])
    if not columns.keys() & {"id", "sis_user", "sis_login", "email", "github"}:
        seen = ", ".join(name.strip() for name in rows[0][1])[:200]
        raise FaultyFileError([Fault(path, 1, f"has no column `id`; it has {seen}")])
    faults: list[Fault] = []
    people: dict[str, Person] = {}
    aliases: dict[str, str | None] = {}
    for line, row in rows[1:]:
        fields = {kind: row[at].strip() if at < len(row) else "" for kind, at in columns.items()}
        if not any(fields.values()) or fields.get("name") == "Points Possible":
            continue  # Canvas' second line
        person = _person(fields, path, line, faults)
        if person is None:
            continue
        if person.id in people:
            faults.append(Fault(path, line, f'names "{person.id}" a second time'))
        people[person.id] = person
        for alias in _aliases(person, fields):
            other = aliases.setdefault(alias.casefold(), person.id)
            if other != person.id:
                aliases[alias.casefold()] = None  # two people: neither is guessed
    if faults:
        raise FaultyFileError(faults)
    for learner in people:
        aliases[learner.casefold()] = learner
    titles = {match["title"].casefold(): title for title in rows[0][1] if (match := _TITLE_WITH_ID.fullmatch(title))}
    return Roster(people, {alias: learner for alias, learner in aliases.items() if learner is not None}, titles)


def _columns(header: list[str]) -> dict[str, int]:
    """Where each kind of column stands."""
    names = [name.strip().casefold() for name in header]
    found = {}
    for kind, spellings in _COLUMNS.items():
        at = next((names.index(spelling) for spelling in spellings if spelling in names), None)
        if at is not None:
            found[kind] = at
    return found


def _person(fields: dict[str, str], path: Path, line: int, faults: list[Fault]) -> Person | None:
    who = fields.get("id", "")
    participant = _PARTICIPANT.fullmatch(who) if "moodle_status" in fields or "moodle_modified" in fields else None
    if participant is not None:
        who = participant[1]
    who = who or fields.get("sis_user") or fields.get("sis_login") or fields.get("github") or fields.get("email") or ""
    if not who:
        faults.append(Fault(path, line, "has no id"))
        return None
    name = fields.get("name") or " ".join(filter(None, (fields.get("first"), fields.get("last"))))
    return Person(
        identity(who),
        identity(name),
        identity(fields.get("email", "")),
        identity(fields.get("section", "")),
        identity(fields.get("sis_user", "")),
        identity(fields.get("sis_login", "")),
        _days(fields, "late_days", path, line, faults),
        _days(fields, "free_days", path, line, faults) or 0.0,
        fields.get("moodle_modified") or "-",
        fields.get("id", ""),
    )


def _days(fields: dict[str, str], kind: str, path: Path, line: int, faults: list[Fault]) -> float | None:
    text = fields.get(kind, "")
    if not text:
        return None
    try:
        days = float(text.replace(",", "."))
    except ValueError:
        days = math.nan
    if not 0 <= days < 10_000:
        faults.append(Fault(path, line, f"{kind} is {text[:40]!r}, expected a number of days, 0 or more"))
        return None
    return days


def _aliases(person: Person, fields: dict[str, str]) -> Iterator[str]:
    """Every name under which a platform may file this person's work."""
    for kind in ("sis_user", "sis_login", "email", "github"):
        if fields.get(kind):
            yield identity(fields[kind])
    if person.name:
        yield person.name
