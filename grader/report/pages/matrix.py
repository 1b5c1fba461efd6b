"""The kill matrix of an exercise: which check fails for which wrong program, and what that program is taken for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

MATRIX_FORMAT = "cnn-grader kill matrix 1"


@dataclass(frozen=True)
class CheckColumn:
    """One hidden check; `alone` says why it is there where no variant fails it."""

    name: str
    title: str
    criterion: str
    alone: str = ""


@dataclass(frozen=True)
class VariantRow:
    """One wrong program: the checks that fail for it, and the misconceptions that diagnosis names.

    `diagnosed` is None where nothing was diagnosed: exercises with models, and conventions, which cost nothing.
    """

    id: str
    function: str
    belief: str
    severity: Literal["mistake", "convention"]
    failed: tuple[str, ...]
    diagnosed: tuple[str, ...] | None

    @property
    def taken_for(self) -> str:
        """Itself, nobody, or other names."""
        if self.diagnosed is None:
            return "not asked"
        return "itself" if self.diagnosed == (self.id,) else ", ".join(self.diagnosed) or "nobody"


@dataclass(frozen=True)
class KillMatrix:
    """Variants in rows, checks in columns."""

    exercise: str
    title: str
    checks: tuple[CheckColumn, ...]
    variants: tuple[VariantRow, ...]

    @property
    def mistakes(self) -> tuple[VariantRow, ...]:
        """The variants that have to lose points."""
        return tuple(one for one in self.variants if one.severity == "mistake")

    @property
    def killed(self) -> int:
        """How many of them a check fails for."""
        return sum(bool(one.failed) for one in self.mistakes)

    @property
    def named(self) -> int:
        """How many are diagnosed as themselves."""
        return sum(one.taken_for == "itself" for one in self.mistakes)

    @property
    def idle(self) -> tuple[CheckColumn, ...]:
        """The checks that fail for no variant."""
        failed = {name for one in self.variants for name in one.failed}
        return tuple(check for check in self.checks if check.name not in failed)


def to_matrix_json(matrices: Sequence[KillMatrix]) -> str:
    """All matrices as JSON, with a name of their format."""
    return json.dumps({"format": MATRIX_FORMAT, "exercises": [asdict(one) for one in matrices]}, indent=2) + "\n"
