"""The kill matrix of an exercise: which checks fail for each wrong program, and how it is diagnosed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

MATRIX_FORMAT = "cnn-grader kill matrix 1"
FEW = 2  # criteria in which one mistake may lose points


@dataclass(frozen=True)
class CheckColumn:
    """One hidden check. `alone` says why it exists if no variant fails it."""

    name: str
    title: str
    criterion: str
    alone: str = ""


@dataclass(frozen=True)
class VariantRow:
    """One wrong program: the checks that fail for it, and the misconceptions that diagnosis names.

    `diagnosed` is None if nothing was diagnosed: in exercises with models, and for conventions, which cost nothing.

    `own` is the criterion that it is charged to; empty if it names none. `fails_in` are the criteria in which a check
    fails, and `loses_in` those in which it loses points, after what has the same cause was given back. `leaves_right`
    is True if a check of the function passes. If none does, nothing is given back, and the whole function is lost.
    `only_raises` is True if it raises an exception wherever it is wrong: there is no answer that could show the
    misconception.
    """

    id: str
    function: str
    belief: str
    severity: Literal["mistake", "convention"]
    failed: tuple[str, ...]
    diagnosed: tuple[str, ...] | None
    own: str = ""
    fails_in: tuple[str, ...] = ()
    loses_in: tuple[str, ...] = ()
    leaves_right: bool = True
    only_raises: bool = False

    @property
    def fails_beyond(self) -> tuple[str, ...]:
        """The criteria other than its own in which a check fails."""
        return tuple(one for one in self.fails_in if one != self.own)

    @property
    def loses_beyond(self) -> tuple[str, ...]:
        """The criteria other than its own in which it loses points."""
        return tuple(one for one in self.loses_in if one != self.own)

    @property
    def is_named(self) -> bool:
        """True if the diagnosis names exactly this misconception."""
        return self.diagnosed == (self.id,)

    @property
    def taken_for(self) -> str:
        """The names in the diagnosis: itself, nothing, or other misconceptions."""
        if self.diagnosed is None:
            return "not asked"
        return "itself" if self.is_named else ", ".join(self.diagnosed) or "nothing"


@dataclass(frozen=True)
class KillMatrix:
    """Variants in rows, checks in columns."""

    exercise: str
    title: str
    checks: tuple[CheckColumn, ...]
    variants: tuple[VariantRow, ...]

    @property
    def mistakes(self) -> tuple[VariantRow, ...]:
        """The variants that must lose points."""
        return tuple(one for one in self.variants if one.severity == "mistake")

    @property
    def killed(self) -> int:
        """The number of mistakes that fail at least one check."""
        return sum(bool(one.failed) for one in self.mistakes)

    @property
    def named(self) -> int:
        """The number of mistakes that are diagnosed as themselves."""
        return sum(one.is_named for one in self.mistakes)

    @property
    def without_answer(self) -> int:
        """The number of mistakes that are not named, because they raise an exception wherever they are wrong."""
        return sum(one.only_raises and not one.diagnosed for one in self.mistakes)

    @property
    def spread(self) -> tuple[VariantRow, ...]:
        """The mistakes that fail checks in more than FEW criteria."""
        return tuple(one for one in self.mistakes if len(one.fails_in) > FEW)

    @property
    def costly(self) -> tuple[VariantRow, ...]:
        """The mistakes that leave something right and lose points in more than FEW criteria."""
        return tuple(one for one in self.mistakes if one.leaves_right and len(one.loses_in) > FEW)

    @property
    def ruinous(self) -> tuple[VariantRow, ...]:
        """The mistakes that leave nothing right in their function."""
        return tuple(one for one in self.mistakes if not one.leaves_right)

    @property
    def idle(self) -> tuple[CheckColumn, ...]:
        """The checks that fail for no variant."""
        failed = {name for one in self.variants for name in one.failed}
        return tuple(check for check in self.checks if check.name not in failed)


def to_matrix_json(matrices: Sequence[KillMatrix]) -> str:
    """Return all matrices as JSON, with the name of the format."""
    return json.dumps({"format": MATRIX_FORMAT, "exercises": [asdict(one) for one in matrices]}, indent=2) + "\n"
