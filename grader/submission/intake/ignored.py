"""What was found and is not graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["refused", "older", "other", "litter"]
KINDS: tuple[Kind, ...] = ("refused", "older", "other", "litter")


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that is not graded, and why; both are safe to print.

    - `refused`: could be somebody's work, and something is wrong with it: the instructor should look;
    - `older`: a newer attempt of the same learner is graded;
    - `other`: no file of an exercise;
    - `litter`: left by a system or an editor.
    """

    origin: str
    why: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.origin}: {self.why}"
