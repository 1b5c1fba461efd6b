"""One learner's grades, as all tables need them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ExerciseGrade:
    """One learner's result in one exercise.

    `raw` is what the report says and `final` what is left after lateness. Both are None if there is no score: no
    hand-in, a refused one, or a grader fault. `note` says why. `criteria` has the points by id.
    """

    possible: float
    raw: float | None = None
    final: float | None = None
    late_days: int = 0
    note: str = ""
    criteria: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class GradebookRow:
    """One learner: who they are to whom, and their grades by exercise key."""

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
        """The person's name, or the id where nobody knows it."""
        return self.name or self.learner


def amount(points: float | None) -> Any:
    """Points as a spreadsheet shows them; an empty cell where they are not known.

    >>> amount(8.0), amount(2.40), amount(None)
    (8, 2.4, '')
    """
    if points is None:
        return ""
    rounded = round(points, 6)
    return int(rounded) if rounded == int(rounded) else rounded
