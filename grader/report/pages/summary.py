"""The data of the pages for an instructor."""

from __future__ import annotations

from dataclasses import dataclass

BINS = 10
NOT_ISOLATED = (
    "The programs ran as plain processes. A hostile program could have read the hidden tests or changed results, "
    "so the scores could be forged."
)


@dataclass(frozen=True)
class CriterionSummary:
    """The numbers of learners who earned all, some and none of a criterion's points."""

    id: str
    title: str
    possible: float
    full: int
    partial: int
    none: int


@dataclass(frozen=True)
class DiagnosisCount:
    """A misconception, and how many learners' wrong answers it explained."""

    id: str
    belief: str
    function: str
    count: int


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise. `counts` are numbers of learners by tenths of the score; the last includes full points."""

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
    """A learner's score in one exercise. If `score` is None, `note` says why."""

    score: float | None
    note: str = ""
    link: str = ""


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
