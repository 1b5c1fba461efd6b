"""A learner's grades, as all tables need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class NoScore(Enum):
    """Why a submission has no score; the value is what a table says."""

    REFUSED = "refused: index.html says why"
    GRADER_FAULT = "a fault of the grader: grade again"


@dataclass(frozen=True)
class ExerciseGrade:
    """One learner's result in one exercise.

    `raw` is what the report says and `final` what is left after lateness. Without a score both are None, and `no_score`
    says why. `note` is a remark about the score. `criteria` has the points by id.
    """

    possible: float
    raw: float | None = None
    final: float | None = None
    late_days: int = 0
    note: str = ""
    criteria: Mapping[str, float] = field(default_factory=dict)
    no_score: NoScore | None = None

    @property
    def remark(self) -> str:
        """The text in the column for notes."""
        return self.no_score.value if self.no_score is not None else self.note


@dataclass(frozen=True)
class GradebookRow:
    """One learner: their names on each platform, and their grades by exercise key."""

    learner: str
    name: str = ""
    email: str = ""
    section: str = ""
    platform_id: str = ""
    sis_user: str = ""
    sis_login: str = ""
    moodle_modified: str = "-"
    grades: Mapping[str, ExerciseGrade] = field(default_factory=dict)

    @property
    def display_name(self) -> str:
        """The person's name, or the id if the name is unknown."""
        return self.name or self.learner


def amount(points: float | None) -> Any:
    """Return points as a spreadsheet shows them, and an empty cell if they are unknown.

    >>> amount(8.0), amount(2.40), amount(None)
    (8, 2.4, '')
    """
    if points is None:
        return ""
    rounded = round(points, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def total_grade(
    grades: Mapping[str, ExerciseGrade], keys: Sequence[str], possible: Mapping[str, float]
) -> ExerciseGrade | None:
    """Return the grade over several exercises, None if the learner submitted nothing.

    If one of the scores is unknown, the total is unknown too: a sum of the others would be wrong.
    """
    submitted = [grades[key] for key in keys if key in grades]
    if len(keys) == 1 or not submitted:
        return submitted[0] if submitted else None
    whole = sum(possible[key] for key in keys)
    if any(grade.raw is None or grade.final is None for grade in submitted):
        reasons = {grade.no_score for grade in submitted if grade.raw is None}
        return ExerciseGrade(
            whole, no_score=NoScore.GRADER_FAULT if NoScore.GRADER_FAULT in reasons else NoScore.REFUSED
        )
    raw = sum(grade.raw or 0.0 for grade in submitted)
    final = sum(grade.final or 0.0 for grade in submitted)
    return ExerciseGrade(whole, raw, final, max(grade.late_days for grade in submitted))
