"""The similar programs of one exercise as plain data. It names learners: it is for the instructor only."""

from __future__ import annotations

from dataclasses import dataclass

NO_VERDICT = (
    "A high share is a reason to look at both programs, never a verdict: people who learn together or from the same "
    "book write alike."
)


@dataclass(frozen=True)
class ComparedLine:
    """A line of a program. `is_same` is True if the other program has it too, apart from names and comments."""

    number: int
    text: str
    is_same: bool


@dataclass(frozen=True)
class CommonPassage:
    """The common code of two programs in one place, side by side. `left_out` counts the lines that are not shown."""

    left: tuple[ComparedLine, ...]
    right: tuple[ComparedLine, ...]
    left_out: int = 0


@dataclass(frozen=True)
class SimilarPair:
    """Two programs, and the share of the smaller one's own code that the other one has too, from 0 to 1."""

    first: str
    second: str
    share: float
    passages: tuple[CommonPassage, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class Similarity:
    """The comparison of all programs of an exercise.

    `counts` are numbers of programs by tenths of their highest share; the last includes 100 %. `more` counts the pairs
    that are not listed. `identical` are lines with the learners of each file that was handed in more than once.
    `little` are learners whose programs have too little code of their own, and `unread` those whose programs could not
    be read, with the reason.
    """

    key: str
    title: str
    compared: int
    least: float
    counts: tuple[int, ...]
    pairs: tuple[SimilarPair, ...]
    more: int
    identical: tuple[str, ...]
    little: tuple[str, ...]
    unread: tuple[tuple[str, str], ...]
