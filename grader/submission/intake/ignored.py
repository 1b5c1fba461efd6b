"""Files and folders that are not graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["refused", "older", "other", "litter"]
KINDS: tuple[Kind, ...] = ("refused", "older", "other", "litter")


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file or folder that is not graded, and the reason; both are safe to print.

    - `refused`: it could be somebody's work, but something is wrong with it, so the instructor should look at it
    - `older`: a newer attempt of the same learner is graded
    - `other`: it is not a file of an exercise
    - `litter`: a system or an editor left it
    """

    origin: str
    why: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.origin}: {self.why}"
