"""One submission on its way to a worker and back, and what every pool of workers does with it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

SHOWN_BYTES = 256 * 1024  # of a source on the page of a report


@dataclass(frozen=True)
class Task:
    """A submission for a worker. `places` says where its files are: name, parts of the path, locator, name of a copy.

    With `sha256`, the files must have this hash. A submission with a hash in `known` is not graded again, and one of
    which `only_hash` is wanted not at all. `kept` are hashes of files that the journal has. If `unreadable` is not
    empty, the files are hashed and not read in any other way, and the report gives this reason.
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
    known: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    only_hash: bool = False

    def line(self) -> bytes:
        """Return the task as a line of JSON."""
        return json.dumps(vars(self)).encode() + b"\n"


@dataclass(frozen=True)
class Finished:
    """The end of a task: a report as JSON, or why there is none.

    `failure` is a fault of the grader. `changed` says how the files changed after they were hashed, and `unread` why
    they cannot be read. `listing` is the source that was taken from a notebook, for the page of the report; at most
    SHOWN_BYTES. `sha256` is the hash of the files, empty if it is unknown, and `files` are these files for the journal.
    With `is_known`, nothing had to be graded.
    """

    task: Task
    report: str = ""
    faults: int = 0
    seconds: float = 0.0
    failure: str = ""
    changed: str = ""
    listing: str = ""
    sha256: str = ""
    files: bytes = b""
    unread: str = ""
    is_known: bool = False


class Reply(BaseModel):
    """The answer of a grading worker to a task, wherever it runs: the fields of `Finished` without the task.

    `files` is in Base64.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    report: str = ""
    faults: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)
    failure: str = ""
    changed: str = ""
    listing: str = ""
    sha256: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    files: str = ""
    unread: str = ""
    is_known: bool = False

    def finished(self, task: Task) -> Finished:
        """Return the end of the task that this answers. Raises ValueError for files that are not Base64."""
        files = base64.b64decode(self.files, validate=True) if self.files else b""
        return Finished(
            task, self.report, self.faults, self.seconds, self.failure, self.changed, self.listing, self.sha256, files,
            self.unread, self.is_known,
        )  # fmt: skip


class Pool(Protocol):
    """Workers that grade tasks: on this machine or on a cluster. `replaced` counts those replaced in this run."""

    replaced: int

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Finished]]:
        """Grade the tasks. Yield lists of finished tasks, in any order. Raises GradeError.

        An empty list says that nothing has finished for a moment.
        """

    def close(self) -> None:
        """End what the pool has started."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def changed_while_graded(cause: str = "") -> str:
    """Return why a hand-in has no report if its files changed after they were found.

    >>> changed_while_graded("anna/dropout.py cannot be read: No such file or directory.")
    'changed while it was graded (anna/dropout.py cannot be read: No such file or directory); grade it again'
    """
    because = f" ({cause.removesuffix('.')})" if cause else ""
    return f"changed while it was graded{because}; grade it again"
