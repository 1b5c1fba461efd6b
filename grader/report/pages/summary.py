"""What the pages for an instructor show, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

BINS = 10
NOT_ISOLATED = (
    "The programs ran as plain processes. A hostile program could have read the hidden tests or changed results, "
    "so the scores could be forged."
)


@dataclass(frozen=True)
class CriterionSummary:
    """How many learners earned all, some and none of a criterion's points."""

    id: str
    title: str
    possible: float
    full: int
    partial: int
    none: int


@dataclass(frozen=True)
class DiagnosisCount:
    """How often a misconception explained wrong answers."""

    id: str
    belief: str
    function: str
    count: int


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise: `counts` of learners by tenths of the score, the last with full points among them."""

    key: str
    title: str
    possible: float
    graded: int
    mean: float | None
    median: float | None
    counts: tuple[int, ...]
    criteria: tuple[CriterionSummary, ...]
    diagnoses: tuple[DiagnosisCount, ...]


@dataclass(frozen=True)
class ScoreCell:
    """A learner's score in one exercise; `score` is None where it is not known, and `note` says why."""

    score: float | None
    note: str = ""
    link: str = ""


@dataclass(frozen=True)
class LearnerRow:
    """A line of the table of the class."""

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
    named: bool = True  # whether anybody's name is known
    sectioned: bool = True


@dataclass(frozen=True)
class RunSummary:
    """One run: all that may differ where the results are the same."""

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
    """A score that is not what it was; None where there was or is none."""

    learner: str
    exercise: str
    old: float | None
    new: float | None
    criteria: tuple[tuple[str, float | None, float | None], ...]
    why: tuple[str, ...]
