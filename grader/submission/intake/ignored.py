"""Files and folders that are not graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["refused", "unrecognised", "older", "other", "litter"]
KINDS: tuple[Kind, ...] = ("refused", "unrecognised", "older", "other", "litter")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file or folder that is not graded, and the reason; both are safe to print.

    - `refused`: it could be a learner's work, but something is wrong with it, so the instructor should look at it
    - `unrecognised`: a learner handed it in, and it belongs to no exercise
    - `older`: a newer attempt of the same learner is graded
    - `other`: it is not a file of an exercise
    - `litter`: a system or an editor left it
    """

    origin: str
    why: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.origin}: {self.why}"


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A file that a learner handed in and that is not graded, because it belongs to no exercise.

    `learner`, `name` and `origin` are those of a hand-in. `file` is what the learner uploaded: the archive, if the file
    is in one. `may_be_work` is false for a file such as `notes.pdf`.
    """

    learner: str
    name: str
    origin: str
    file: str
    why: str
    may_be_work: bool
