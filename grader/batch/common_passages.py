"""Find the passages that two programs have in common, for a person who looks at both.

The search is bounded: a run of tokens is sought in at most PLACES places of the other program, so the time is in
proportion to the length of both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.batch.fingerprint import RUN, ProgramToken, program_tokens, runs_of
from grader.report.pages import CommonPassage, ComparedLine
from grader.text import capped

PLACES = 4
PASSAGES_SHOWN = 12
LINES_SHOWN = 60
LINE_CHARACTERS = 160


@dataclass(frozen=True)
class _Common:
    """`length` tokens from `left` in the first program are those from `right` in the second; `own` runs count."""

    left: int
    right: int
    length: int
    own: int


def common_passages(
    texts: tuple[str, str], functions: Collection[str], discounted: Collection[int]
) -> tuple[tuple[CommonPassage, ...], int]:
    """Return the passages of two programs, and how many are left out.

    A passage has at least one run that is not `discounted`.
    """
    tokens = tuple(program_tokens(text, functions) for text in texts)
    runs = tuple(runs_of(one) for one in tokens)
    chosen = _without_overlap(_diagonals(runs[0], runs[1], discounted))
    shown = sorted(chosen[:PASSAGES_SHOWN], key=lambda one: one.left)
    lines = tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n") for text in texts)
    passages = []
    for one in shown:
        left = _lines(lines[0], tokens[0][one.left : one.left + one.length])
        right = _lines(lines[1], tokens[1][one.right : one.right + one.length])
        left_out = max(0, max(len(left), len(right)) - LINES_SHOWN)
        passages.append(CommonPassage(left[:LINES_SHOWN], right[:LINES_SHOWN], left_out))
    return tuple(passages), len(chosen) - len(shown)


def _diagonals(left: Sequence[int], right: Sequence[int], discounted: Collection[int]) -> list[_Common]:
    """Return the longest common passages that begin at each pair of equal runs, if they are not all discounted."""
    places: dict[int, list[int]] = {}
    for at, run in enumerate(right):
        known = places.setdefault(run, [])
        if len(known) < PLACES:
            known.append(at)
    same = {(at, other) for at, run in enumerate(left) for other in places.get(run, ())}
    found = []
    for at, other in same:
        if (at - 1, other - 1) in same:
            continue
        length = own = 0
        while (at + length, other + length) in same:
            own += left[at + length] not in discounted
            length += 1
        if own:
            found.append(_Common(at, other, length + RUN - 1, own))
    return found


def _without_overlap(found: Sequence[_Common]) -> list[_Common]:
    """Return the passages, the largest first, without those that mostly repeat larger ones."""
    seen: tuple[set[int], set[int]] = set(), set()
    chosen = []
    for one in sorted(found, key=lambda one: (-one.own, one.left, one.right)):
        ranges = (range(one.left, one.left + one.length), range(one.right, one.right + one.length))
        if all(len(known.intersection(place)) * 2 < one.length for known, place in zip(seen, ranges, strict=True)):
            chosen.append(one)
            for known, place in zip(seen, ranges, strict=True):
                known.update(place)
    return chosen


def _lines(lines: Sequence[str], tokens: Sequence[ProgramToken]) -> tuple[ComparedLine, ...]:
    """Return the lines from the first to the last token. A line with none of the tokens is not marked."""
    marked = {token.line for token in tokens}
    return tuple(
        ComparedLine(number, capped(lines[number - 1], LINE_CHARACTERS), number in marked)
        for number in range(tokens[0].line, tokens[-1].line + 1)
    )
