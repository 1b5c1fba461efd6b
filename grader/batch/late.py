"""Deduct points from late submissions. The policy changes scores in the gradebook, never reports."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from grader.batch.roster import Person
from grader.course import CourseError, Fault, did_you_mean
from grader.course.yaml_file import line_of, read_yaml, tree_of
from grader.submission.intake import FaultyFileError

_UNITS = {"m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(m|min|h|d)")
DAY = 86_400.0


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
    text = str(value).strip()
    try:
        amount = float(text.removesuffix("%"))
    except ValueError:
        amount = -1.0
    if not 0 <= amount < math.inf or (text.endswith("%") and amount > 100):
        raise ValueError(f"{value!r} is neither points nor percent; expected for example 2 or 10%")
    return (amount / 100, True) if text.endswith("%") else (amount, False)


Duration = Annotated[float, BeforeValidator(_seconds)]
Instant = Annotated[datetime.datetime, BeforeValidator(_instant)]
Amount = Annotated[tuple[float, bool], BeforeValidator(_share_or_points)]  # how much, and True if it is a share


class LatePolicy(BaseModel):
    """The cost of a late submission.

    `due` is the deadline of each exercise, by key. Within `grace` after it, nothing is deducted. `per_day` and `cap`
    are points, or a percentage of the possible points. If a platform marks a submission as late without a time, it
    counts as `marked_days` late. File times count only with `trust_file_times`, because downloading or unpacking
    changes them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: dict[str, Instant] = Field(default_factory=dict)
    grace: Duration = 0.0
    per_day: Amount
    cap: Amount = (1.0, True)
    marked_days: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    trust_file_times: bool = False

    def penalty(self, days: int, possible: float) -> float:
        """Return the points that `days` cost in an exercise with `possible` points.

        >>> LatePolicy(per_day="10%", cap="50%").penalty(3, 8)
        2.4
        """
        per_day, share = self.per_day
        cap, cap_is_share = self.cap
        lost = days * per_day * (possible if share else 1)
        return round(min(lost, cap * possible if cap_is_share else cap, possible), 6)


@dataclass(frozen=True)
class Lateness:
    """The delay of a submission, and the points that it costs."""

    days: int
    penalty: float


def read_late_policy(path: Path, exercises: Collection[str]) -> LatePolicy:
    """Read the policy in a YAML file. Raises FaultyFileError with every fault and its line.

    `exercises` are the keys that `due` may name.
    """
    unknown: list[Fault] = []
    try:
        unknown += _unknown_exercises(path, exercises)
        policy = read_yaml(path, LatePolicy, "a late policy")
    except CourseError as error:
        raise FaultyFileError([*unknown, *error.faults]) from None
    if unknown:
        raise FaultyFileError(unknown)
    return policy


def _unknown_exercises(path: Path, exercises: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each deadline of an exercise that the course does not have."""
    tree = tree_of(path)
    due = tree.get("due") if isinstance(tree, dict) else None
    for key in due if isinstance(due, dict) else ():
        if str(key) not in exercises:
            hint = did_you_mean(str(key), list(exercises)) or f" It has {', '.join(exercises)}."
            message = f"`due` names {str(key)!r}, which is not an exercise of this course.{hint}"
            yield Fault(path, line_of(tree, ("due", key)), message)


def lateness(
    policy: LatePolicy, person: Person | None, details: dict[str, Any], exercise: str, possible: float
) -> Lateness:
    """Return how late a submission is. Each day that has begun counts as a whole day.

    The first of these that is known decides: the note in the roster, the time, the mark of the platform.
    """
    free = person.free_days if person is not None else 0.0
    if person is not None and person.late_days is not None:
        late = person.late_days * DAY
    else:
        late = _seconds_late(policy, details, exercise)
        late = 0.0 if late <= policy.grace else late
    days = max(0, math.ceil(late / DAY - free - 1e-9))
    return Lateness(days, policy.penalty(days, possible))


def _seconds_late(policy: LatePolicy, details: dict[str, Any], exercise: str) -> float:
    due = policy.due.get(exercise)
    submitted = details.get("submitted") or ""
    if due is not None and submitted:
        return max(0.0, (datetime.datetime.fromisoformat(submitted) - due).total_seconds())
    if due is not None and policy.trust_file_times and details.get("modified"):
        return max(0.0, float(details["modified"]) - due.timestamp())
    return policy.marked_days * DAY if details.get("late") else 0.0
