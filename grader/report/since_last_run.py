"""The changes between two runs of the same exercise, counted in criteria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.report.grouping import word_of
from grader.report.report import Report

FAILED, HELD = ("FAIL", "NOT RUN"), ("PASS", "SAME")


@dataclass(frozen=True)
class Changes:
    """The numbers of criteria that were fixed, broke, still fail, or fail now that they are written."""

    fixed: int
    broken: int
    still_failing: int
    new: int

    def __str__(self) -> str:
        """Return one line for a learner."""
        counts = f"fixed: {self.fixed}, broken: {self.broken}, still failing: {self.still_failing}"
        new = f"newly written and failing: {self.new}" if self.new else ""
        is_first = new and not (self.fixed or self.broken or self.still_failing)  # three zeros would say nothing
        return new if is_first else ", ".join(filter(None, (counts, new)))


def words_of(report: Report) -> dict[str, str]:
    """Return the verdict of each graded criterion in a word, by its id. A bonus is left out."""
    return {one.id: word_of(one) for one in report.criteria if not one.bonus}


def changes_between(before: Mapping[str, str], report: Report) -> Changes:
    """Return what changed since a run with these verdicts, as `words_of` returned them."""
    pairs = [(before.get(name, ""), now) for name, now in words_of(report).items()]
    return Changes(
        fixed=sum(then in FAILED and now in HELD for then, now in pairs),
        broken=sum(then in HELD and now in FAILED for then, now in pairs),
        still_failing=sum(then in FAILED and now in FAILED for then, now in pairs),
        new=sum(then not in (*FAILED, *HELD) and now in FAILED for then, now in pairs),
    )
