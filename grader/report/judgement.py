"""Everything that grading found out about one submission: what a report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from grader.course import Rubric
from grader.diagnosis import Diagnosis
from grader.report.report import Output
from grader.scoring import Score
from grader.submission import Problem, Submission

SILENT = Output(stdout="", stderr="", truncated=False)


class Printed(Protocol):
    """What a program printed, such as the sandbox's own record."""

    @property
    def stdout(self) -> str:
        """The text on standard output."""

    @property
    def stderr(self) -> str:
        """The text on standard error."""

    @property
    def truncated(self) -> bool:
        """True if it printed more than is kept."""


@dataclass(frozen=True)
class Circumstances:
    """How a submission was graded.

    `isolation` is "namespaces" or "process". `timings` are seconds. `host` and `versions` say where it ran.
    """

    isolation: str
    seed: int
    course_hash: str
    timings: Mapping[str, float] | None = None
    host: Mapping[str, str] | None = None
    versions: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Judgement:
    """The result of grading one submission.

    `problems` say why nothing could run; the outcomes in `score` are then those of `scoring.none_ran`. `faults` are
    faults of the grader beyond those of single checks, which the score already contains.
    """

    rubric: Rubric
    submission: Submission
    score: Score
    circumstances: Circumstances
    problems: tuple[Problem, ...] = ()
    output: Printed = SILENT
    diagnoses: tuple[Diagnosis, ...] = ()
    faults: tuple[str, ...] = ()
