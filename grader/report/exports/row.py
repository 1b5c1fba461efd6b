"""A learner's grades, as all tables need them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from grader.text import counted


class NoScore(Enum):
    """Why a submission has no score; the value is what a table says."""

    REFUSED = "refused: index.html says why"
    GRADER_FAULT = "a fault of the grader: grade again"
    NOT_RECOGNISED = "not recognised"
    NOT_STARTED = "not started"
    EXCUSED = "excused"


@dataclass(frozen=True)
class ExerciseGrade:
    """One learner's result in one exercise.

    `raw` is what the report says and `final` what is left after lateness. Without a score both are None, and `no_score`
    says why. `note` is a remark about the score, or about why there is none. `criteria` has the points by id. `causes`
    says why points are missing, one line each. `late_hours` is 0 if days count. `decisions` says what people decided,
    one sentence each, and `is_decided` that one of them is about the whole exercise: then lateness costs nothing more.
    `could_not_run` tells a zero for a file that did not run from an earned one.
    """

    possible: float
    raw: float | None = None
    final: float | None = None
    late_days: int = 0
    note: str = ""
    criteria: Mapping[str, float] = field(default_factory=dict)
    no_score: NoScore | None = None
    late_hours: int = 0
    causes: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    is_decided: bool = False
    could_not_run: bool = False

    @property
    def remark(self) -> str:
        """The text in the column for notes."""
        why = "" if self.no_score is None or self.is_decided else self.no_score.value
        note = self.note or why
        return "; ".join(filter(None, (note, *self.decisions)))

    @property
    def delay(self) -> str:
        """The delay that costs points; an empty text if the work was in time, or if a person decided the points."""
        if self.is_decided:
            return ""
        if self.late_hours:
            return counted(self.late_hours, "hour")
        return counted(self.late_days, "day") if self.late_days else ""


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


def points_text(points: float | None) -> str:
    """Return points for a sentence.

    >>> points_text(2.40), points_text(None)
    ('2.4', 'no score')
    """
    return "no score" if points is None else str(amount(points))


def total_grade(
    grades: Mapping[str, ExerciseGrade], keys: Sequence[str], possible: Mapping[str, float]
) -> ExerciseGrade | None:
    """Return the grade over several exercises, None if the learner submitted nothing.

    If one of the scores is unknown, the total is unknown too: a sum of the others would be wrong. A file that is not
    started counts as little as a missing one, and so does an exercise that the learner is excused from.
    """
    known = [grades[key] for key in keys if key in grades]
    left_out = (NoScore.NOT_STARTED, NoScore.EXCUSED)
    submitted = [grade for grade in known if grade.no_score not in left_out] or known[:1]
    if len(keys) == 1 or not submitted:
        return submitted[0] if submitted else None
    whole = sum(possible[key] for key in keys)
    if any(grade.raw is None or grade.final is None for grade in submitted):
        unknown = {grade.no_score: grade.note for grade in submitted if grade.raw is None}
        worst = next((one for one in (NoScore.GRADER_FAULT, NoScore.REFUSED) if one in unknown), next(iter(unknown)))
        return ExerciseGrade(whole, no_score=worst, note=unknown[worst])
    raw = sum(grade.raw or 0.0 for grade in submitted)
    final = sum(grade.final or 0.0 for grade in submitted)
    causes = tuple(cause for grade in submitted for cause in grade.causes)
    decisions = tuple(decision for grade in known for decision in grade.decisions)
    late_days = max(grade.late_days for grade in submitted)
    return ExerciseGrade(whole, raw, final, late_days, causes=causes, decisions=decisions)
