"""What became of one hidden check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grader.sandbox.reason import Reason


class Verdict(StrEnum):
    """Four endings, never to be confused: only FAILED and NOT_RUN cost points."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"
    GRADER_FAULT = "grader_fault"


@dataclass(frozen=True)
class CheckOutcome:
    """The verdict of a check with what the learner reads about it.

    `title` is the first line of the check's docstring. `reason` says for the program why the check did not pass;
    `message` says it for the learner: what was seen, what was expected and for which input. A failure is `complete` if
    it names one of the last two. `remarks` inform and cost nothing. `sign` is the id of the misconception that a failed
    check saw at work; most checks leave that to the diagnosis.
    """

    name: str
    title: str
    verdict: Verdict
    message: str = ""
    remarks: tuple[str, ...] = ()
    sign: str = ""
    reason: Reason | None = None
    complete: bool = True
