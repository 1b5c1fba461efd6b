"""The base of every error that a user can do something about."""

from __future__ import annotations

from typing import ClassVar


class GradeError(Exception):
    """Ends a command with its message and its exit code. Every other exception is a fault of the grader."""

    exit_code: ClassVar[int] = 2
    heading: ClassVar[str] = ""
    """The beginning of the message, before what was seen."""
