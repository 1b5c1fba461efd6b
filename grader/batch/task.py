"""One submission on its way to a worker and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SHOWN_BYTES = 256 * 1024  # of a source on the page of a report


@dataclass(frozen=True)
class Task:
    """A submission for a worker. `places` says where its files are: name, parts of the path, locator, name of a copy.

    If `unreadable` is not empty, no worker reads the files, and the report gives this reason.
    """

    number: int
    learner: str
    exercise: str
    sha256: str
    source: str
    places: tuple[tuple[Any, ...], ...]
    seed: int
    seconds: float = 30.0  # the limit of the submission's own run
    unreadable: str = ""


@dataclass(frozen=True)
class Finished:
    """The end of a task: a report as JSON, or why there is none.

    `failure` is a fault of the grader. `changed` says how the files changed after they were found. `listing` is the
    source that was taken from a notebook, for the page of the report; at most SHOWN_BYTES.
    """

    task: Task
    report: str = ""
    faults: int = 0
    seconds: float = 0.0
    failure: str = ""
    changed: str = ""
    listing: str = ""


def changed_while_graded(cause: str = "") -> str:
    """Return why a hand-in has no report if its files changed after they were found.

    >>> changed_while_graded("anna/dropout.py cannot be read: No such file or directory.")
    'changed while it was graded (anna/dropout.py cannot be read: No such file or directory); grade it again'
    """
    because = f" ({cause.removesuffix('.')})" if cause else ""
    return f"changed while it was graded{because}; grade it again"
