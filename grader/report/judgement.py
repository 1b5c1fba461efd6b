"""Everything that grading found out about one submission: what a report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from grader.course import Rubric
from grader.report.report import ExampleReport, Output
from grader.scoring import Score
from grader.submission import Problem, Submission

if TYPE_CHECKING:
    from grader.diagnosis import Diagnosis

SILENT = Output(stdout="", stderr="", truncated=False)


class Printed(Protocol):
    """The output of a program, such as the sandbox's own record."""

    @property
    def stdout(self) -> str:
        """Standard output."""

    @property
    def stderr(self) -> str:
        """Standard error."""

    @property
    def truncated(self) -> bool:
        """True if more was printed than is kept."""


@dataclass(frozen=True)
class Circumstances:
    """The circumstances in which a submission was graded.

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
    faults of the grader beyond those of single checks, which the score already contains. `examples` are pictures of
    failing calls, by the name of the check.
    """

    rubric: Rubric
    submission: Submission
    score: Score
    circumstances: Circumstances
    problems: tuple[Problem, ...] = ()
    output: Printed = SILENT
    diagnoses: tuple[Diagnosis, ...] = ()
    faults: tuple[str, ...] = ()
    examples: Mapping[str, ExampleReport] = field(default_factory=dict)
