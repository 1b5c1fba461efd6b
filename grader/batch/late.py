"""What lateness costs: a small policy, applied to scores and never to reports."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from grader.batch.roster import Person
from grader.course import CourseError
from grader.course.yaml_file import read_yaml
from grader.submission.intake import FaultyFileError

_UNITS = {"m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(m|min|h|d)")
DAY = 86_400.0


def _seconds(value: Any) -> Any:
    match = _DURATION.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"{value!r} is no duration; expected for example 15m, 2h or 1d")
    return float(match[1]) * _UNITS[match[2]]


def _instant(value: Any) -> Any:
    try:
        instant = datetime.datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is no instant; expected for example 2026-11-30T23:59:00+01:00") from None
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
Amount = Annotated[tuple[float, bool], BeforeValidator(_share_or_points)]  # how much, and whether it is a share


class LatePolicy(BaseModel):
    """`due` by exercise key, `grace` before the first day counts, `per_day` and `cap` as points or percent of what is
    possible. A hand-in that a platform marks as late without saying when counts `marked_days`. File times count only
    with `trust_file_times`: a download or an unpacking may have made them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    due: dict[str, Instant] = Field(default_factory=dict)
    grace: Duration = 0.0
    per_day: Amount
    cap: Amount = (1.0, True)
    marked_days: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0
    trust_file_times: bool = False

    def penalty(self, days: int, possible: float) -> float:
        """The points that `days` cost, of an exercise with `possible` points.

        >>> LatePolicy(per_day="10%", cap="50%").penalty(3, 8)
        2.4
        """
        per_day, share = self.per_day
        cap, cap_is_share = self.cap
        lost = days * per_day * (possible if share else 1)
        return round(min(lost, cap * possible if cap_is_share else cap, possible), 6)


@dataclass(frozen=True)
class Lateness:
    """How late a hand-in counts, and what that costs."""

    days: int
    penalty: float


def read_late_policy(path: Path) -> LatePolicy:
    """The policy in a YAML file. Raises FaultyFileError with every fault and its line."""
    try:
        return read_yaml(path, LatePolicy, "a late policy")
    except CourseError as error:
        raise FaultyFileError(error.faults) from None


def lateness(
    policy: LatePolicy, person: Person | None, details: dict[str, Any], exercise: str, possible: float
) -> Lateness:
    """What is known best counts: the roster's note, the instant, the platform's mark. Each day begun counts."""
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
