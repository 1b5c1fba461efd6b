"""The evidence for a grade as plain data, for a dispute. It shows right answers: it is for the instructor only."""

from __future__ import annotations

from dataclasses import dataclass

FOR_INSTRUCTORS = "For the instructor only: this shows hidden inputs and right answers."


@dataclass(frozen=True)
class Passage:
    """A heading, and a text whose lines stay as they are. `short` takes its place in a terminal, if it is not empty."""

    heading: str
    text: str
    short: str = ""


@dataclass(frozen=True)
class ExplainedCall:
    """One call: its inputs, what the learner's function gave, what is right, and the difference."""

    heading: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class ExplainedCheck:
    """One check. `before` is its verdict in the report, and `now` that of today. `left_out` says what is not shown."""

    name: str
    title: str
    before: str
    now: str
    message: str
    source_line: str
    calls: tuple[ExplainedCall, ...]
    left_out: str = ""


@dataclass(frozen=True)
class Explanation:
    """Everything about one grade. `facts` are names and values; `remarks` say what has changed since it was graded."""

    title: str
    learner: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    criteria: tuple[tuple[str, str], ...]
    decisions: tuple[str, ...]
    checks: tuple[ExplainedCheck, ...]
    problem: str = ""
