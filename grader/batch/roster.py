"""Read the roster of a class.

The columns are `id,name,email,section,group,role,late_days,late_hours,free_days,due`; only `id` is required, and an
e-mail address can take its place. Exports of platforms are read too: a Canvas gradebook, a Moodle grading worksheet in
any language, a Gradescope roster, a GitHub Classroom roster.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.batch.roster_columns import Platform, RosterColumns, columns_of, known_columns, participant
from grader.batch.sheet import LINE_END, Sheet, read_sheet
from grader.course import Fault
from grader.submission.intake import ClassList, FaultyFileError
from grader.text import identity

_TITLE_WITH_ID = re.compile(r"(?P<title>.+) \(\d+\)")
_LEARNER_ROLES = ("", "student", "learner", "studentenrollment")
_TEST_STUDENT = "Student, Test"  # Canvas has one in each course for the teacher's own view
_MANUAL_POSTING = re.compile(r"\s*(?:Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_UNIT_SECONDS = {
    "year": 31_536_000, "jahr": 31_536_000, "an": 31_536_000, "año": 31_536_000, "day": 86_400, "tag": 86_400,
    "jour": 86_400, "día": 86_400, "dia": 86_400, "hour": 3600, "stunde": 3600, "heure": 3600, "hora": 3600, "min": 60,
    "sec": 1, "sek": 1, "seg": 1,
}  # fmt: skip
"""Seconds by the beginning of a unit, as Moodle writes it in English, German, French, Spanish and Portuguese."""
_DURATION = re.compile(rf"(?P<number>\d{{1,6}}) (?P<unit>{'|'.join(_UNIT_SECONDS)})\w{{0,6}}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Person:
    """One line of the roster. `late_days` is None if the instructor has not filled it in.

    `due` is the deadline of this person alone. `status_late` is the delay in seconds that Moodle states, and
    `status_is_known` is true if Moodle would state one.
    """

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
    group: str = ""
    due: datetime.datetime | None = None
    status_late: float | None = None
    status_is_known: bool = False


@dataclass(frozen=True)
class Roster:
    """All learners of the class, by id and by each name that a platform uses for them.

    `excluded` says why a person in the file is not a learner. `sheet` is the file itself.
    """

    people: dict[str, Person] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # the columns of Canvas: title, and title with its id
    excluded: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sheet: Sheet | None = None
    columns: RosterColumns = field(default_factory=RosterColumns)

    def resolve(self, learner: str) -> str:
        """Return the id of the learner with this name, or the name itself if nobody in the roster has it."""
        return self.aliases.get(learner.casefold(), learner)

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Return the members of each group."""
        members: dict[str, list[str]] = {}
        for person in self.people.values():
            if person.group:
                members.setdefault(person.group, []).append(person.id)
        return {group: tuple(sorted(found)) for group, found in sorted(members.items())}

    def class_list(self) -> ClassList:
        """Return what the intake needs to know about the people."""
        return ClassList(self.resolve, self.__contains__, self._why_excluded, self.groups())

    def _why_excluded(self, learner: str, name: str) -> str:
        if name == "studenttest" and learner not in self.people:
            return "is for Canvas' test student"
        return self.excluded.get(learner, "")

    def __contains__(self, learner: str) -> bool:
        return learner in self.people

    def __bool__(self) -> bool:
        return bool(self.people)


def read_roster(path: Path) -> Roster:
    """Read the roster in a CSV file. Raises FaultyFileError with every fault and its line."""
    sheet = read_sheet(path, "id", lambda names: len(known_columns(names)))
    header, rows = sheet.header, sheet.rows[1:]
    columns = columns_of(header, [row for _, row in rows])
    if not columns.at.keys() & {"id", "sis_user", "sis_login", "email", "github"}:
        seen = ", ".join(name.strip() for name in header)[:200]
        raise FaultyFileError([Fault(path, sheet.header_line, f"has no column `id`; it has {seen}")])
    faults = list(_repeated(sheet, columns.at))
    people: dict[str, Person] = {}
    excluded: dict[str, str] = {}
    aliases: dict[str, str | None] = {}
    for line, row in rows:
        fields = {kind: row[at].strip() if at < len(row) else "" for kind, at in columns.at.items()}
        if not is_person(columns, row, fields):
            continue
        complaint = _complaint(row, sheet, columns.at)
        if complaint:
            faults.append(Fault(path, line, complaint))
            continue
        person = _person(fields, columns.platform, path, line, faults)
        if person is None:
            continue
        if person.id in people or person.id in excluded:
            faults.append(Fault(path, line, f'repeats the id "{person.id}"'))
        why = _no_learner(fields, person, columns.platform)
        if why:
            excluded[person.id] = why
        else:
            people[person.id] = person
        for alias in _aliases(person, fields):
            other = aliases.setdefault(alias.casefold(), person.id)
            if other != person.id:
                aliases[alias.casefold()] = None  # two people have this name, so it names nobody
    if faults:
        raise FaultyFileError(faults)
    for learner in (*people, *excluded):
        aliases[learner.casefold()] = learner
    titles = {match["title"].casefold(): title for title in header if (match := _TITLE_WITH_ID.fullmatch(title))}
    known = {alias: learner for alias, learner in aliases.items() if learner is not None}
    return Roster(people, known, titles, excluded, tuple(_remarks(path, columns.at)), sheet, columns)


def is_person(columns: RosterColumns, row: Sequence[str], fields: Mapping[str, str]) -> bool:
    """Return True for a line about a person, and not one that is empty or that Canvas writes about its columns."""
    if not any(fields.values()):
        return False
    if columns.platform is not Platform.CANVAS:
        return True
    about_columns = "Points Possible" in row[0] or all(_MANUAL_POSTING.fullmatch(cell) for cell in row)
    return not about_columns


def person_id(fields: Mapping[str, str], platform: Platform) -> str:
    """Return the id in a line; an empty text if it has none."""
    who = fields.get("id", "")
    if platform is Platform.MOODLE:
        who = participant(who) or who
    known = (who, *(fields.get(kind, "") for kind in ("sis_user", "sis_login", "github", "email")))
    return identity(next(filter(None, known), ""))


def _remarks(path: Path, columns: Mapping[str, int]) -> Iterator[str]:
    """Yield what an instructor should know about how the file was read."""
    if not columns.keys() & {"id", "sis_user", "sis_login", "github"}:
        yield f"{path.name} has no column `id`, so the e-mail address is the id of a learner."


def _repeated(sheet: Sheet, columns: Mapping[str, int]) -> Iterator[Fault]:
    """Yield a fault for each column that is needed but whose name is not unique."""
    header = sheet.header
    names = [name.strip().casefold() for name in header]
    for at in columns.values():
        if at < len(names) and names.count(names[at]) > 1:
            message = f"has two columns `{header[at].strip()}`; rename the one that should be ignored"
            yield Fault(sheet.path, sheet.header_line, message)


def _complaint(row: Sequence[str], sheet: Sheet, columns: Mapping[str, int]) -> str:
    """Return why a row does not match the header; an empty text if it does.

    Spreadsheets leave out empty values at the end of a row, so a short row is valid.
    """
    header = sheet.header
    if any(extra.strip() for extra in row[len(header) :]):
        expected = f"expected {len(header)} as in line {sheet.header_line}"
        return f"has {len(row)} values, {expected}; put quotes around a value with a comma"
    needed = [at for kind, at in columns.items() if kind != "comment" and at < len(row)]
    broken = [header[at].strip() for at in needed if LINE_END.search(row[at].strip())]
    return f"`{broken[0]}` contains a line break. Is a quote missing?" if broken else ""


def _person(fields: dict[str, str], platform: Platform, path: Path, line: int, faults: list[Fault]) -> Person | None:
    who = person_id(fields, platform)
    if not who:
        faults.append(Fault(path, line, "has no id"))
        return None
    name = fields.get("name") or " ".join(filter(None, (fields.get("first"), fields.get("last"))))
    return Person(
        who,
        identity(name),
        identity(fields.get("email", "")),
        identity(fields.get("section", "")),
        identity(fields.get("sis_user", "")),
        identity(fields.get("sis_login", "")),
        _late(fields, path, line, faults),
        _number(fields, "free_days", "days", path, line, faults) or 0.0,
        fields.get("moodle_modified") or "-",
        fields.get("id", ""),
        identity(fields.get("group", "")),
        _instant(fields, path, line, faults),
        stated_delay(fields.get("moodle_status", "")),
        "moodle_status" in fields,
    )


def _no_learner(fields: Mapping[str, str], person: Person, platform: Platform) -> str:
    """Return why a person is not a learner; an empty text for learners."""
    role = fields.get("role", "")
    if role.casefold() not in _LEARNER_ROLES:
        return f'is for teaching staff: the role of {person.id} is "{role[:40]}"'
    if platform is Platform.CANVAS and person.name in (_TEST_STUDENT, "Test Student"):
        return "is for Canvas' test student"
    return ""


def _late(fields: Mapping[str, str], path: Path, line: int, faults: list[Fault]) -> float | None:
    """Return the delay in days; None if neither days nor hours are filled in."""
    days = _number(fields, "late_days", "days", path, line, faults)
    hours = _number(fields, "late_hours", "hours", path, line, faults)
    return None if days is None and hours is None else (days or 0.0) + (hours or 0.0) / 24


def _number(
    fields: Mapping[str, str], kind: str, unit: str, path: Path, line: int, faults: list[Fault]
) -> float | None:
    text = fields.get(kind, "")
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not 0 <= number < 10_000:
        faults.append(Fault(path, line, f"{kind} is {text[:40]!r}, expected a number of {unit}, 0 or more"))
        return None
    return number


def _instant(fields: Mapping[str, str], path: Path, line: int, faults: list[Fault]) -> datetime.datetime | None:
    text = fields.get("due", "")
    if not text:
        return None
    try:
        instant = datetime.datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = f"due is {text[:40]!r}, expected a time with its zone, for example 2026-11-30T23:59:00+01:00"
        faults.append(Fault(path, line, message))
        return None
    return instant


def stated_delay(status: str) -> float | None:
    """Return the delay in seconds that Moodle writes into the status; None if it states none.

    >>> stated_delay("Submitted for grading - 2 days 3 hours late"), stated_delay("Zur Bewertung abgegeben")
    (183600.0, None)
    """
    last = status.rpartition(" - ")[2]
    found = [int(match["number"]) * _UNIT_SECONDS[match["unit"].casefold()] for match in _DURATION.finditer(last)]
    return float(sum(found)) if found else None


def _aliases(person: Person, fields: Mapping[str, str]) -> Iterator[str]:
    """Yield each name that a platform may use for this person."""
    for kind in ("sis_user", "sis_login", "email", "github"):
        if fields.get(kind):
            yield identity(fields[kind])
    if person.name:
        yield person.name
