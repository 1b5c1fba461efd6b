"""Read what an instructor gives with the submissions: roster, mapping, policy, and the exercises to grade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.batch.late import LatePolicy, read_late_policy
from grader.batch.overrides import Override, read_overrides
from grader.batch.roster import Roster, read_roster
from grader.batch.sheet import read_sheet
from grader.course import Course, Fault, UnknownExerciseError, load_course
from grader.submission.intake import ExerciseName, FaultyFileError, Intake, MappedFile, Request

_MAPPING = ("learner", "file", "exercise")


@dataclass(frozen=True)
class GivenFiles:
    """The paths and names that an instructor gives.

    `exercise` is the exercise that every file belongs to. `exercises` limits what is graded: `1-3` or `1,dropout`.
    """

    submissions: Path
    course_root: Path
    roster: Path | None = None
    late_policy: Path | None = None
    mapping: Path | None = None
    exercise: str | None = None
    exercises: str | None = None
    overrides: Path | None = None


@dataclass(frozen=True)
class Given:
    """The content of these files."""

    course: Course
    roster: Roster
    policy: LatePolicy | None
    request: Request
    overrides: tuple[Override, ...] = ()


def read_given(files: GivenFiles) -> Given:
    """Read the files of an instructor. Raises CourseError, UnknownExerciseError and FaultyFileError."""
    course = load_course(files.course_root)
    roster = read_roster(files.roster) if files.roster is not None else Roster()
    policy = read_late_policy(files.late_policy, course, roster) if files.late_policy is not None else None
    everything_is = course.find(files.exercise).key if files.exercise is not None else ""
    wanted = (everything_is,) if everything_is else tuple(_wanted(course, files.exercises))
    mapping = read_mapping(files.mapping, course) if files.mapping is not None else ()
    trust_times = policy is not None and policy.trust_file_times
    overrides = read_overrides(files.overrides, course, roster) if files.overrides is not None else ()
    return Given(course, roster, policy, Request(wanted, everything_is, mapping, trust_times), overrides)


def open_intake(files: GivenFiles, given: Given) -> Intake:
    """Find the hand-ins for the exercises of a course. Raises IntakeError, even for a missing file in the mapping."""
    names = [
        ExerciseName(one.key, one.rubric.module, tuple(one.rubric.functions), _stub(one.stub)) for one in given.course
    ]
    intake = Intake(files.submissions, names, given.roster.class_list(), given.request)
    if intake.unmapped and files.mapping is not None:
        expected = "expected a path as `grade batch ... --dry-run` lists it"
        faults = [
            Fault(files.mapping, one.line, f"names {one.file}, which is not here; {expected}")
            for one in intake.unmapped
        ]
        intake.close()
        raise FaultyFileError(faults)
    return intake


def read_mapping(path: Path, course: Course) -> tuple[MappedFile, ...]:
    """Read a mapping: a CSV file with the columns learner, file and exercise. Raises FaultyFileError."""
    sheet = read_sheet(path, "file", lambda names: sum(name.strip().casefold() in _MAPPING for name in names))
    header = [name.strip().casefold() for name in sheet.header]
    missing = [name for name in ("file", "exercise") if name not in header]
    if missing:
        seen = ", ".join(sheet.header)[:200]
        raise FaultyFileError([Fault(path, sheet.header_line, f"has no column `{missing[0]}`; it has {seen}")])
    faults: list[Fault] = []
    found: list[MappedFile] = []
    for line, row in sheet.rows[1:]:
        fields = {name: row[at].strip() if at < len(row) else "" for at, name in enumerate(header)}
        if not any(fields.values()):
            continue
        if not fields["file"]:
            faults.append(Fault(path, line, "names no file"))
            continue
        try:
            key = course.find(fields["exercise"]).key
        except UnknownExerciseError as error:
            faults.append(Fault(path, line, str(error)))
        else:
            found.append(MappedFile(fields["file"].strip("/"), key, fields.get("learner", ""), line))
    if faults:
        raise FaultyFileError(faults)
    return tuple(found)


def _wanted(course: Course, exercises: str | None) -> Iterable[str]:
    """Return the keys of the exercises in a list such as `1-3` or `1,dropout`. Raises UnknownExerciseError."""
    if exercises is None:
        return ()
    keys = [exercise.key for exercise in course]
    wanted: set[str] = set()
    for part in exercises.split(","):
        first, dash, last = part.partition("-")
        if dash and first.strip().isdecimal() and last.strip().isdecimal():
            start, end = keys.index(course.find(first).key), keys.index(course.find(last).key)
            wanted.update(keys[min(start, end) : max(start, end) + 1])
        else:
            wanted.add(course.find(part).key)
    return _in_order(keys, wanted)


def _in_order(keys: Sequence[str], wanted: set[str]) -> list[str]:
    return [key for key in keys if key in wanted]


def _stub(path: Path) -> bytes:
    """Return the stub of an exercise; nothing if there is none, or if somebody has solved it in this checkout."""
    stub = path.read_bytes() if path.is_file() else b""
    return stub if b"NotImplementedError" in stub else b""
