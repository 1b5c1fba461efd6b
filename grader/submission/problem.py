"""Why a submission cannot be run."""

from __future__ import annotations

from dataclasses import dataclass

from grader.text import capped

MESSAGE_CHARACTERS = 600  # a name in it may be as long as the file
SHOWN_COLUMNS = 200  # a person does not write a longer line; its beginning is shown


@dataclass(frozen=True, order=True)
class Problem:
    """One place in the learner's file. Lines and columns count from 1; column 0 means that only the line is known.

    `source_line` is the text of that line without its end, or empty.
    """

    line: int
    column: int
    message: str
    source_line: str = ""

    def __post_init__(self) -> None:
        """Cut the texts that a learner can make long."""
        object.__setattr__(self, "message", capped(self.message, MESSAGE_CHARACTERS))
        object.__setattr__(self, "source_line", self.source_line[:SHOWN_COLUMNS])


def line_in(lines: list[str], number: int) -> str:
    """Return line `number` of a file as a problem shows it."""
    return lines[number - 1].rstrip("\r\n")[:SHOWN_COLUMNS] if 0 < number <= len(lines) else ""
