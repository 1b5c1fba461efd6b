"""Faults in the files of a course: all at once, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from grader.grade_error import GradeError


@dataclass(frozen=True, order=True)
class Fault:
    """One fault that an author must fix. `line` is 0 for a folder, which has no lines."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return self.at(str(self.path))

    def at(self, place: str) -> str:
        """Return the fault with this text for its path.

        >>> Fault(Path("course"), 0, "does not exist").at("my/course"), Fault(Path("a.py"), 3, "is missing").at("a.py")
        ('my/course does not exist', 'a.py:3: is missing')
        """
        return f"{place}:{self.line}: {self.message}" if self.line else f"{place} {self.message}"


class CourseError(GradeError):
    """A course that cannot be used. `faults` holds every fault, not only the first."""

    heading = "This course cannot be used.\n"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        if not self.faults:
            raise ValueError("an error needs at least one fault")
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownExerciseError(GradeError):
    """A name that no exercise of the course has."""


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return the end of a message, which offers the nearest known name; empty if there is none.

    >>> did_you_mean("test_strides", ["test_stride", "test_bias"])
    ' Did you mean "test_stride"?'
    >>> did_you_mean("zebra", ["test_stride"])
    ''
    """
    near = get_close_matches(name, known, n=1)
    return f' Did you mean "{near[0]}"?' if near else ""


class UnknownQuestionError(Exception):
    """A kit has no answer to a question. The report then says that something is missing."""


def built_in_name(error: Exception) -> str:
    """Return the built-in class of an exception: NumPy's AxisError is a ValueError, as in the learner's process."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")
