"""The outcome of one hidden check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.sandbox.reason import Reason


class Verdict(StrEnum):
    """The four endings of a check. Only FAILED and NOT_RUN cost points."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"
    GRADER_FAULT = "grader_fault"


@dataclass(frozen=True)
class CheckOutcome:
    """The verdict of a check with what the learner reads about it.

    `title` is the first line of the check's docstring. `reason` tells the program why the check did not pass; `message`
    tells the learner: what was seen, what was expected and for which input. A failure is `complete` if it names one of
    the last two. `remarks` inform and cost no points. `sign` is the id of a misconception that a failed check
    recognised; most checks leave that to the diagnosis. `exception` is the built-in class of an exception that the
    learner's function raised. `timed` says that a wrong answer ended a race before its time was known. `checked_with`
    names the learner's functions that were wrong and were replaced by right ones, so that this check could pass.
    `summary` is the message without a long call. `line` is the learner's line that raised; 0 if none did.
    """

    name: str
    title: str
    verdict: Verdict
    message: str = ""
    remarks: tuple[str, ...] = ()
    sign: str = ""
    reason: Reason | None = None
    complete: bool = True
    exception: str = ""
    timed: bool = False
    checked_with: tuple[str, ...] = ()
    summary: str = ""
    line: int = 0
