"""Read the roster of a class.

The columns are `id,name,email,section,late_days,free_days`; only `id` is required. Exports of platforms are read too: a
Canvas gradebook, a Moodle grading worksheet, a Gradescope roster, a GitHub Classroom roster.
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
from grader.submission.intake import FaultyFileError, read_text_file
from grader.text import identity

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
_LINE_END = re.compile(r"\r\n|\r|\n")
_TITLE_WITH_ID = re.compile(r"(?P<title>.+) \(\d+\)")


@dataclass(frozen=True)
class Person:
    """One line of the roster. `late_days` is None if the instructor has not filled it in."""

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
    """All learners of the class, by id and by each name that a platform uses for them."""

    people: dict[str, Person] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # the columns of Canvas: title, and title with its id

    def resolve(self, learner: str) -> str:
        """Return the id of the learner with this name, or the name itself if nobody in the roster has it."""
        return self.aliases.get(learner.casefold(), learner)

    def __contains__(self, learner: str) -> bool:
        return learner in self.people

    def __bool__(self) -> bool:
        return bool(self.people)


def read_roster(path: Path) -> Roster:
    """Read the roster in a CSV file. Raises FaultyFileError with every fault and its line."""
    rows = _rows(path, read_text_file(path, ROSTER_BYTES_LIMIT))
    if not rows:
        raise FaultyFileError([Fault(path, 1, "is empty; expected a line of column names, `id` among them")])
    header = rows[0][1]
    columns = _columns(header)
    if not columns.keys() & {"id", "sis_user", "sis_login", "email", "github"}:
        seen = ", ".join(name.strip() for name in header)[:200]
        raise FaultyFileError([Fault(path, 1, f"has no column `id`; it has {seen}")])
    faults = list(_repeated(path, header, columns))
    people: dict[str, Person] = {}
    aliases: dict[str, str | None] = {}
    for line, row in rows[1:]:
        fields = {kind: row[at].strip() if at < len(row) else "" for kind, at in columns.items()}
        if not any(fields.values()) or fields.get("name") == "Points Possible":
            continue  # the second line of Canvas
        complaint = _complaint(row, header, columns)
        if complaint:
            faults.append(Fault(path, line, complaint))
            continue
        person = _person(fields, path, line, faults)
        if person is None:
            continue
        if person.id in people:
            faults.append(Fault(path, line, f'repeats the id "{person.id}"'))
        people[person.id] = person
        for alias in _aliases(person, fields):
            other = aliases.setdefault(alias.casefold(), person.id)
            if other != person.id:
                aliases[alias.casefold()] = None  # two people have this name, so it names nobody
    if faults:
        raise FaultyFileError(faults)
    for learner in people:
        aliases[learner.casefold()] = learner
    titles = {match["title"].casefold(): title for title in header if (match := _TITLE_WITH_ID.fullmatch(title))}
    return Roster(people, {alias: learner for alias, learner in aliases.items() if learner is not None}, titles)


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Return each row with the number of its first line. Raises FaultyFileError if a quote is not closed."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FaultyFileError([Fault(path, line, "contains a NUL byte, which CSV does not allow; save it as UTF-8")])
    delimiter = _delimiter(_LINE_END.split(text, maxsplit=1)[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        message = f'is not CSV from this line on: {error}. Is a quote (") missing, or one too many?'
        raise FaultyFileError([Fault(path, line, message)]) from None
    return rows


def _delimiter(header: str) -> str:
    """Return the character between the columns. In countries with decimal commas, spreadsheets write semicolons."""

    def known(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
        return len(_columns(names)), header.count(delimiter)

    return max(",;\t", key=known)


def _repeated(path: Path, header: list[str], columns: dict[str, int]) -> Iterator[Fault]:
    """Yield a fault for each column that is needed but whose name is not unique."""
    names = [name.strip().casefold() for name in header]
    for at in columns.values():
        if names.count(names[at]) > 1:
            yield Fault(path, 1, f"has two columns `{header[at].strip()}`; rename the one that should be ignored")


def _complaint(row: list[str], header: list[str], columns: dict[str, int]) -> str:
    """Return why a row does not match the header; an empty text if it does.

    Spreadsheets leave out empty values at the end of a row, so a short row is valid.
    """
    if any(extra.strip() for extra in row[len(header) :]):
        return f"has {len(row)} values, expected {len(header)} as in line 1; put quotes around a value with a comma"
    broken = [header[at].strip() for at in columns.values() if at < len(row) and _LINE_END.search(row[at].strip())]
    return f"`{broken[0]}` contains a line break. Is a quote missing?" if broken else ""


def _columns(header: list[str]) -> dict[str, int]:
    """Return the position of each kind of column."""
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
    """Yield each name that a platform may use for this person."""
    for kind in ("sis_user", "sis_login", "email", "github"):
        if fields.get(kind):
            yield identity(fields[kind])
    if person.name:
        yield person.name
