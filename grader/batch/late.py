"""Deduct points from late submissions, and say whether bonus points count. Both change grades, never reports."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from grader.batch.roster import Person, Roster
from grader.course import Course, CourseError, Fault, UnknownExerciseError, did_you_mean
from grader.course.yaml_file import line_of, read_yaml, tree_of
from grader.grade_error import GradeError
from grader.submission.intake import FaultyFileError, HandIn
from grader.text import counted

_UNITS = {"m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(m|min|h|d)")
_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|points?)?")
DAY, HOUR = 86_400.0, 3600.0


def _seconds(value: Any) -> Any:
    match = _DURATION.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"{value!r} is not a duration; expected for example 15m, 2h or 1d")
    return float(match[1]) * _UNITS[match[2]]


def _instant(value: Any) -> Any:
    try:
        instant = datetime.datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a date and time; expected for example 2026-11-30T23:59:00+01:00") from None
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; add it, for example +01:00, or Z for UTC")
    return instant


def _share_or_points(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    match = _AMOUNT.fullmatch(str(value).strip())
    number = float(match["number"]) if match is not None else math.inf
    if match is None or (match["unit"] == "%" and number > 100):
        raise ValueError(f"{value!r} is neither points nor percent; expected for example `2 points` or `10%`")
    if match["unit"] is None:
        raise ValueError(
            f"{value!r} has two meanings: `{value}%` of the possible points, or `{value} points`. Write one of them."
        )
    return (number / 100, True) if match["unit"] == "%" else (number, False)


def _instant_or_seconds(value: Any) -> Any:
    return _seconds(value) if _DURATION.fullmatch(str(value).strip()) else _instant(value)


def _by_text(value: Any) -> Any:
    """Return a mapping whose keys are texts: YAML reads `3:` as a number."""
    return {str(key): inner for key, inner in value.items()} if isinstance(value, Mapping) else value


def _extension(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _instant_or_seconds(inner) for key, inner in value.items()}
    return {"": _instant_or_seconds(value)}


Duration = Annotated[float, BeforeValidator(_seconds)]
Instant = Annotated[datetime.datetime, BeforeValidator(_instant)]
Amount = Annotated[tuple[float, bool], BeforeValidator(_share_or_points)]  # how much, and True if it is a share
Extension = Annotated[dict[str, datetime.datetime | float], BeforeValidator(_extension)]  # "" stands for all exercises


class IdlePolicyError(GradeError):
    """A late policy applies to nothing, which cannot be meant."""


class Bonus(StrEnum):
    """The effect of bonus points: they count beyond the possible points, up to these, or not at all."""

    COUNT = "count"
    CAP = "cap"
    SHOW = "show"


class LatePolicy(BaseModel):
    """The cost of a late submission.

    `due` is the deadline of each exercise, by key, number or name. `extensions` has a later deadline, or more time, for
    a learner in all exercises or in some. Within `grace` after a deadline, nothing is deducted. `per_day` or
    `per_hour`, and `cap`, are points, or a percentage of the possible points. If a platform marks a submission as late
    without a time, it counts as `marked_days` late. File times count only with `trust_file_times`, because downloading
    or unpacking changes them. `bonus` says whether bonus points count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: Annotated[dict[str, Instant], BeforeValidator(_by_text)] = Field(default_factory=dict)
    extensions: Annotated[dict[str, Extension], BeforeValidator(_by_text)] = Field(default_factory=dict)
    grace: Duration = 0.0
    per_day: Amount | None = None
    per_hour: Amount | None = None
    cap: Amount = (1.0, True)
    marked_days: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    trust_file_times: bool = False
    bonus: Bonus | None = None

    @model_validator(mode="after")
    def _costs_something(self) -> Self:
        if self.per_day is not None and self.per_hour is not None:
            raise ValueError("has both `per_day` and `per_hour`; expected one of them")
        if self.per_day is None and self.per_hour is None and self.bonus is None:
            raise ValueError("has no `per_day`, for example `per_day: 10%`, so late submissions would cost nothing")
        return self

    @property
    def costs(self) -> bool:
        """True if late submissions cost points."""
        return self.per_day is not None or self.per_hour is not None

    def penalty(self, units: int, possible: float) -> float:
        """Return the points that so many days, or hours with `per_hour`, cost in an exercise with `possible` points.

        >>> LatePolicy(per_day="10%", cap="50%").penalty(3, 8)
        2.4
        """
        per_unit, share = self.per_hour or self.per_day or (0.0, False)
        cap, cap_is_share = self.cap
        lost = units * per_unit * (possible if share else 1)
        return round(min(lost, cap * possible if cap_is_share else cap, possible), 6)

    def deadline(self, person: Person | None, learner: str, exercise: str) -> datetime.datetime | None:
        """Return the deadline of a learner in an exercise: an extension, the one in the roster, or that of all."""
        due = self.due.get(exercise)
        own = person.due if person is not None and person.due is not None else due
        extension = self._extension(learner, exercise)
        if isinstance(extension, datetime.datetime):
            return extension
        return own + datetime.timedelta(seconds=extension) if own is not None and extension is not None else own

    def more_time(self, person: Person | None, learner: str, exercise: str) -> float:
        """Return the seconds by which a learner's deadline is later than that of all."""
        due, own = self.due.get(exercise), self.deadline(person, learner, exercise)
        if due is not None and own is not None:
            return max(0.0, (own - due).total_seconds())
        extension = self._extension(learner, exercise)
        return extension if isinstance(extension, float) else 0.0

    def _extension(self, learner: str, exercise: str) -> datetime.datetime | float | None:
        extensions = self.extensions.get(learner, {})
        return extensions.get(exercise, extensions.get(""))


@dataclass(frozen=True)
class Lateness:
    """The delay of a submission, and the points that it costs. `hours` is 0 if the policy counts days."""

    days: int
    penalty: float
    hours: int = 0


def read_late_policy(path: Path, course: Course, roster: Roster | None = None) -> LatePolicy:
    """Read the policy in a YAML file. Raises FaultyFileError with every fault and its line."""
    faults: list[Fault] = []
    try:
        tree = tree_of(path)
        faults += _unknown_names(path, tree, course, roster or Roster())
        policy = read_yaml(path, LatePolicy, "a late policy")
    except CourseError as error:
        raise FaultyFileError([*faults, *error.faults]) from None
    if faults:
        raise FaultyFileError(faults)
    people = (roster or Roster()).resolve
    due = {course.find(name).key: instant for name, instant in policy.due.items()}
    extensions = {
        people(learner): {course.find(name).key if name else "": until for name, until in extension.items()}
        for learner, extension in policy.extensions.items()
    }
    return policy.model_copy(update={"due": due, "extensions": extensions})


def _unknown_names(path: Path, tree: Any, course: Course, roster: Roster) -> Iterator[Fault]:
    """Yield a fault for each exercise that the course does not have, or has twice, and for each unknown learner."""
    if not isinstance(tree, dict):
        return
    yield from _unknown_exercises(path, tree, "due", tree.get("due"), course)
    extensions = tree.get("extensions")
    for learner, extension in extensions.items() if isinstance(extensions, dict) else ():
        if roster and roster.resolve(str(learner)) not in roster:
            hint = did_you_mean(str(learner), list(roster.people)) or " Use an id, a name or an e-mail of the roster."
            message = f"`extensions` names {str(learner)!r}, who is not in the roster.{hint}"
            yield Fault(path, line_of(tree, ("extensions", learner)), message)
        yield from _unknown_exercises(path, tree, "extensions", extension, course, learner)


def _unknown_exercises(path: Path, tree: Any, field: str, names: Any, course: Course, *inside: Any) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name in names if isinstance(names, dict) else ():
        line = line_of(tree, (field, *inside, name))
        try:
            key = course.find(str(name)).key
        except UnknownExerciseError:
            keys = [exercise.key for exercise in course]
            hint = did_you_mean(str(name), keys) or f" It has {', '.join(keys)}."
            yield Fault(path, line, f"`{field}` names {str(name)!r}, which is not an exercise of this course.{hint}")
            continue
        if key in seen:
            yield Fault(path, line, f"`{field}` names {key} twice: as {seen[key]!r} and as {str(name)!r}")
        seen[key] = str(name)


def lateness(
    policy: LatePolicy, person: Person | None, learner: str, details: Mapping[str, Any], exercise: str, possible: float
) -> Lateness:
    """Return how late a submission is. Each day, or hour, that has begun counts as a whole one.

    The first of these that is known decides: the note in the roster, the time, the delay that the platform states, the
    mark of the platform.
    """
    free = person.free_days if person is not None else 0.0
    late = seconds_late(policy, person, learner, details, exercise) or 0.0
    days = max(0, math.ceil(late / DAY - free - 1e-9))
    if policy.per_hour is None:
        return Lateness(days, policy.penalty(days, possible))
    hours = max(0, math.ceil(late / HOUR - 24 * free - 1e-9))
    return Lateness(days, policy.penalty(hours, possible), hours)


def seconds_late(
    policy: LatePolicy, person: Person | None, learner: str, details: Mapping[str, Any], exercise: str
) -> float | None:
    """Return the delay of a submission; None if nothing is known about it, so that the policy cannot apply."""
    if person is not None and person.late_days is not None:
        return person.late_days * DAY
    late = _measured(policy, person, learner, details, exercise)
    return late if late is None or late > policy.grace else 0.0


def _measured(
    policy: LatePolicy, person: Person | None, learner: str, details: Mapping[str, Any], exercise: str
) -> float | None:
    due = policy.deadline(person, learner, exercise)
    submitted = details.get("submitted") or ""
    if due is not None and submitted:
        return max(0.0, (datetime.datetime.fromisoformat(submitted) - due).total_seconds())
    if due is not None and policy.trust_file_times and details.get("modified"):
        return max(0.0, float(details["modified"]) - due.timestamp())
    if person is not None and person.status_late is not None:
        return max(0.0, person.status_late - policy.more_time(person, learner, exercise))
    if details.get("late"):
        return max(0.0, policy.marked_days * DAY - policy.more_time(person, learner, exercise))
    return 0.0 if details.get("platform") == "canvas" or (person is not None and person.status_is_known) else None


def refuse_idle_policy(policy: LatePolicy, hand_ins: Iterable[HandIn], roster: Roster) -> None:
    """Raise IdlePolicyError if nothing is known about the lateness of any hand-in: the policy would do nothing."""
    if not policy.costs:
        return
    count, exercises = 0, set[str]()
    for hand_in in hand_ins:
        details = {name: getattr(hand_in, name) for name in ("submitted", "modified", "late", "platform")}
        person = roster.people.get(hand_in.learner)
        if seconds_late(policy, person, hand_in.learner, details, hand_in.exercise) is not None:
            return
        count += 1
        exercises.add(hand_in.exercise)
    if not count:
        return
    without = sorted(exercises - policy.due.keys())
    if without:
        seen = f"it has no deadline for {', '.join(without)}. Add `due`"
    else:
        seen = "no hand-in has a time. Add `trust_file_times: true`, or a column `late_days` in the roster"
    raise IdlePolicyError(
        f"The late policy applies to none of the {counted(count, 'hand-in')}: {seen}. Nothing was graded."
    )
