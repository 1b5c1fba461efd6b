"""What is wrong with a course's files: every fault at once, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.grade_error import GradeError


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that an author must mend."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class CourseError(GradeError):
    """A course cannot be used; `faults` holds everything that is wrong, not only the first thing."""

    heading = "This course cannot be used.\n"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        if not self.faults:
            raise ValueError("an error needs at least one fault")
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownExerciseError(GradeError):
    """A name that no exercise of the course answers to."""


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a sentence that offers the nearest known name.

    >>> did_you_mean("test_strides", ["test_stride", "test_bias"])
    ' Did you mean "test_stride"?'
    >>> did_you_mean("zebra", ["test_stride"])
    ''
    """
    near = get_close_matches(name, known, n=1)
    return f' Did you mean "{near[0]}"?' if near else ""
