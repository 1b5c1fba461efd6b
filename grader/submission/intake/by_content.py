"""Recognise a file by what it holds: the functions that it defines, or the unchanged stub of an exercise.

Only bytes are compared. A worker decodes and reads the file later, under limits of time and memory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.submission.intake.exercise_name import ExerciseName

_DEFINITION = re.compile(rb"(?:\b|\\n)def[ \t]{1,8}([A-Za-z_][0-9A-Za-z_]{0,80}+)[ \t]{0,8}\(")
"""`def name(`, in source and in the JSON of a notebook."""
_LONGER = 16  # bytes by which line ends and a mark at the start may lengthen a stub, besides one for each line


def exercises_in(content: bytes, exercises: Sequence[ExerciseName]) -> list[ExerciseName]:
    """Return the exercises that a file solves: those of which it defines half of the functions, or else the most.

    >>> conv, drop = ExerciseName("1", "conv", ("pad", "conv")), ExerciseName("3", "drop", ("drop", "back", "mean"))
    >>> [one.key for one in exercises_in(b"def pad(x): ...\\ndef drop(x): ...\\ndef back(y): ...", [conv, drop])]
    ['1', '3']
    >>> [one.key for one in exercises_in(b'"source": "import numpy\\\\ndef drop(x): ..."', [conv, drop])]
    ['3']
    """
    defined = {match[1].decode() for match in _DEFINITION.finditer(content)}
    counts = {one: len(defined.intersection(one.functions)) for one in exercises}
    solved = [one for one, count in counts.items() if count and 2 * count >= len(one.functions)]
    most = max(counts.values(), default=0)
    best = [one for one, count in counts.items() if most and count == most]
    return solved or (best if len(best) == 1 else [])


def stub_sizes(stub: bytes) -> tuple[int, int]:
    """Return the smallest and the largest size of an unchanged stub, however it was saved; no size without a stub."""
    return (len(stub.strip()), len(stub) + stub.count(b"\n") + _LONGER) if stub else (0, -1)


def is_stub(content: bytes, stub: bytes) -> bool:
    r"""Return True if a file is the unchanged stub. Line ends, blank ends and a mark at the start do not count.

    >>> is_stub(b"\xef\xbb\xbfdef f():\r\n    ...\r\n\r\n", b"def f():\n    ...\n")
    True
    """
    return bool(stub) and _plain(content) == _plain(stub)


def _plain(content: bytes) -> bytes:
    return content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").strip()
