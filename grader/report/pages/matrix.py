"""The kill matrix of an exercise: which checks fail for each wrong program, and how it is diagnosed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

MATRIX_FORMAT = "cnn-grader kill matrix 1"


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
    """

    id: str
    function: str
    belief: str
    severity: Literal["mistake", "convention"]
    failed: tuple[str, ...]
    diagnosed: tuple[str, ...] | None

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
    def idle(self) -> tuple[CheckColumn, ...]:
        """The checks that fail for no variant."""
        failed = {name for one in self.variants for name in one.failed}
        return tuple(check for check in self.checks if check.name not in failed)


def to_matrix_json(matrices: Sequence[KillMatrix]) -> str:
    """Return all matrices as JSON, with the name of the format."""
    return json.dumps({"format": MATRIX_FORMAT, "exercises": [asdict(one) for one in matrices]}, indent=2) + "\n"
