"""The events of a watch, as the threads report them to the session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.checks.seen import Seen
    from grader.report import Report


@dataclass(frozen=True)
class Saved:
    """The file has a new content."""


@dataclass(frozen=True)
class SavedUnchanged:
    """The file was saved with the content that it had."""


@dataclass(frozen=True)
class Checking:
    """A check runs; `epoch` is not empty if it trains a network. `run` is the number of the request."""

    run: int
    check: str
    epoch: str


@dataclass(frozen=True)
class Graded:
    """A run is complete. `fallback` says why the program ran as a plain process, if it did."""

    run: int
    report: Report
    seconds: float
    fallback: str


@dataclass(frozen=True)
class Looked:
    """The page was asked for: the last report, the graded file by its name, and what can be seen of the program.

    Without a verdict there is no report.
    """

    report: Report | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    seen: Sequence[Seen] = ()


@dataclass(frozen=True)
class Unreadable:
    """The file cannot be read."""

    run: int
    why: str


@dataclass(frozen=True)
class Broke:
    """Grading has ended with an error."""

    error: Exception


@dataclass(frozen=True)
class Pressed:
    """The learner pressed a key."""

    key: str


@dataclass(frozen=True)
class Resized:
    """The window has a new size."""


@dataclass(frozen=True)
class Suspended:
    """The learner pressed Ctrl-Z."""


Happening = Saved | SavedUnchanged | Checking | Graded | Looked | Unreadable | Broke | Pressed | Resized | Suspended
