"""The data of the pages for an instructor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

BINS = 10
EVERYONE = ""  # the name of the section that holds all learners
NOT_ISOLATED = (
    "The programs ran as plain processes. A hostile program could have read the hidden tests or changed results, "
    "so the scores could be forged."
)


class CellState(StrEnum):
    """A fact about a learner in an exercise that a reader can look for. The value is its name in an address."""

    SCORED = "scored"
    NOT_RUN = "not-run"
    LATE = "late"
    DECIDED = "by-hand"
    BONUS = "bonus"
    IDENTICAL = "identical"
    EXCUSED = "excused"
    NOT_STARTED = "not-started"
    NOT_RECOGNISED = "not-recognised"
    MISSING = "missing"
    REFUSED = "refused"
    GRADER_FAULT = "fault"


STATE_WORDS = {
    CellState.SCORED: "has a score",
    CellState.NOT_RUN: "could not run",
    CellState.LATE: "late",
    CellState.DECIDED: "set by hand",
    CellState.BONUS: "has bonus points",
    CellState.IDENTICAL: "same file as others",
    CellState.EXCUSED: "excused",
    CellState.NOT_STARTED: "not started",
    CellState.NOT_RECOGNISED: "not recognised",
    CellState.MISSING: "missing",
    CellState.REFUSED: "refused",
    CellState.GRADER_FAULT: "fault of the grader",
}


@dataclass(frozen=True)
class CriterionSummary:
    """The numbers of learners who earned all, some and none of a criterion's points.

    `idle` counts those for whom none of its checks could run. `function` is the one that it is about.
    """

    id: str
    title: str
    possible: float
    full: int
    partial: int
    none: int
    idle: int = 0
    function: str = ""
    bonus: bool = False


@dataclass(frozen=True)
class ScoreDistribution:
    """The scores of a section, or of everyone. `counts` are numbers of learners by tenths; the last has full points."""

    section: str
    scored: int
    mean: float | None
    median: float | None
    counts: tuple[int, ...]


@dataclass(frozen=True)
class DiagnosisCount:
    """A misconception, and how many learners' wrong answers it explained."""

    id: str
    belief: str
    function: str
    count: int


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise. The first distribution is that of everyone, and the others are those of the sections."""

    key: str
    title: str
    possible: float
    distributions: tuple[ScoreDistribution, ...]
    criteria: tuple[CriterionSummary, ...]
    diagnoses: tuple[DiagnosisCount, ...]

    @property
    def everyone(self) -> ScoreDistribution:
        """The distribution over all learners."""
        return self.distributions[0]


@dataclass(frozen=True)
class ScoreCell:
    """A learner's score in one exercise. If `score` is None, `note` says why.

    `earned` has the points of each criterion, in the order of the rubric: None if none of its checks could run.
    `diagnoses` are the ids of the misconceptions that explain wrong answers.
    """

    score: float | None
    note: str = ""
    link: str = ""
    states: tuple[CellState, ...] = ()
    earned: tuple[float | None, ...] = ()
    diagnoses: tuple[str, ...] = ()


@dataclass(frozen=True)
class LearnerRow:
    """A row of the class table."""

    learner: str
    name: str
    section: str
    cells: tuple[ScoreCell, ...]
    total: float | None


@dataclass(frozen=True)
class ClassSummary:
    """The class, without its learners."""

    title: str
    learners: int
    exercises: tuple[ExerciseSummary, ...]
    faults: tuple[str, ...]
    refused: tuple[str, ...]
    missing: tuple[str, ...]
    seed: int
    isolation: str
    named: bool = True  # True if any name is known
    sectioned: bool = True
    unrecognised: tuple[str, ...] = ()
    identical: tuple[str, ...] = ()
    own_seeds: bool = False  # True if each learner has a seed of their own


@dataclass(frozen=True)
class RunSummary:
    """One run: everything that may differ between runs with the same results."""

    graded: int
    reused: int
    seconds: float
    workers: int
    replaced: int
    slowest: tuple[tuple[str, str, float, str], ...]  # learner, exercise, seconds, link
    events: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    seed: int
    isolation: str


@dataclass(frozen=True)
class ChangedScore:
    """A score that changed. None means that there was no score, or that there is none now."""

    learner: str
    exercise: str
    old: float | None
    new: float | None
    criteria: tuple[tuple[str, float | None, float | None], ...]
    why: tuple[str, ...]


def all_idle(criterion: Mapping[str, Any]) -> bool:
    """Return True if a criterion of a report has no points because none of its checks could run."""
    checks = criterion["checks"]
    return not criterion["earned"] and bool(checks) and all(one["verdict"] == "not_run" for one in checks)
