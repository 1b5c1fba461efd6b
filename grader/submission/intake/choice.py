"""Choose among several files of one learner for one exercise.

The newest attempt is graded. A platform's own order of attempts comes first, then the time that an archive keeps for
its members. The times of files in a folder count only if the instructor trusts them, because downloading and unpacking
change them. Names come last, in natural order: `v10` is after `v9`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_NUMBER = re.compile(r"[0-9]{1,18}")


class Rule(StrEnum):
    """Why a file is chosen before another one; the value is what an instructor reads."""

    MAPPED = "the mapping names it"
    WRITTEN = "the other one is the unchanged stub"
    NAMED = "it has the name of the exercise's file"
    PLATFORM = "it is the newer attempt on the platform"
    TIME = "its time is newer"
    COPY = "its name is that of the newer copy"
    SPELLING = "its name is spelt as in the exercise"
    SOURCE = "it is source and not a notebook"
    DEPTH = "it is in fewer folders"
    NUMBERS = "its name has the larger number"
    NAME = "its name comes first"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file that could be graded, with everything that a choice depends on."""

    rowid: int
    path: str
    mapped: bool
    is_stub: bool
    named: bool
    rank: int
    submitted: str
    platform_attempt: int
    modified: int
    attempt: int
    exact: int
    is_notebook: bool
    depth: int

    def order(self, times_count: bool) -> list[tuple[Rule, Any]]:
        """Return the values that decide, the most important first. The largest wins."""
        numbers = [int(number) for number in _NUMBER.findall(self.path)]
        return [
            (Rule.MAPPED, self.mapped),
            (Rule.WRITTEN, not self.is_stub),
            (Rule.NAMED, self.named),
            (Rule.PLATFORM, (self.rank, self.submitted, self.platform_attempt)),
            (Rule.TIME, self.modified if times_count else 0),
            (Rule.COPY, self.attempt),
            (Rule.SPELLING, self.exact),
            (Rule.SOURCE, not self.is_notebook),
            (Rule.DEPTH, -self.depth),
            (Rule.NAME, _Reversed(_NUMBER.sub("0", self.path))),
            (Rule.NUMBERS, numbers),
        ]


@dataclass(frozen=True, slots=True)
class _Reversed:
    """A text that compares the other way around."""

    text: str

    def __lt__(self, other: _Reversed) -> bool:
        return other.text < self.text


def chosen(candidates: list[Candidate]) -> tuple[Candidate, list[tuple[Candidate, Rule]]]:
    """Return the file that is graded, and each other file with the rule that decided against it."""
    times_count = all(one.modified for one in candidates)
    orders = {one.rowid: one.order(times_count) for one in candidates}
    newest = max(candidates, key=lambda one: [value for _, value in orders[one.rowid]])
    others = [one for one in candidates if one is not newest]
    return newest, [(one, _deciding(orders[newest.rowid], orders[one.rowid])) for one in others]


def _deciding(first: list[tuple[Rule, Any]], second: list[tuple[Rule, Any]]) -> Rule:
    return next((rule for (rule, one), (_, other) in zip(first, second, strict=True) if one != other), Rule.NAME)
