"""Compare two reports of the same exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.checks import Verdict

if TYPE_CHECKING:
    from grader.report import Report


@dataclass(frozen=True)
class Changes:
    """The number of checks that pass now and did not before, that broke, and that still do not pass."""

    fixed: int
    broken: int
    still_failing: int

    @property
    def sentence(self) -> str:
        """Return the numbers as one line."""
        return f"fixed: {self.fixed}, broken: {self.broken}, still failing: {self.still_failing}"


def changes_between(before: Report, after: Report) -> Changes:
    """Return what changed from one report to the next."""
    old, new = _passed(before), _passed(after)
    return Changes(
        fixed=sum(passes and not old.get(name, False) for name, passes in new.items()),
        broken=sum(not passes and old.get(name, False) for name, passes in new.items()),
        still_failing=sum(not passes and not old.get(name, False) for name, passes in new.items()),
    )


def _passed(report: Report) -> dict[str, bool]:
    """Return whether each check passed, by name."""
    checks = [check for criterion in report.criteria for check in criterion.checks]
    return {check.name: check.verdict is Verdict.PASSED for check in checks}
