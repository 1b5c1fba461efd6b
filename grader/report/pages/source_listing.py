"""A learner's file for a page, with a number before each line and the lines that an error names marked.

The markup is made here and not in a template: a class has many files, and a template would look at each line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from markupsafe import Markup

from grader.text import for_html, for_terminal

LINES_SHOWN = 3000  # of a file; a longer one would make the page slow
CHARACTERS_SHOWN = 400


@dataclass(frozen=True)
class SourceListing:
    """The lines of a file as markup, and the numbers of the marked ones. `left_out` lines are not shown."""

    markup: Markup
    marked: tuple[int, ...] = ()
    left_out: int = 0


def source_listing(text: str, report: Mapping[str, Any]) -> SourceListing:
    """Return the listing of a graded file. `report` is the mapping that its JSON holds."""
    reasons = _reasons(report)
    lines = for_terminal(text).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    cut = "\n".join(line[:CHARACTERS_SHOWN] for line in lines[:LINES_SHOWN])
    shown = escape(cut, quote=False).split("\n") if lines else []
    parts = [before + line for before, line in zip(_margins(), shown, strict=False)]
    marked = tuple(number for number in sorted(reasons) if number <= len(shown))
    for number in marked:
        why = escape(for_html(reasons[number]), quote=False)
        parts[number - 1] = (
            f'<mark id="line-{number}"><span class="number">{number:4d} &gt; </span>{shown[number - 1]}</mark>'
            f'  <span class="why">{why}</span>'
        )
    return SourceListing(Markup("\n".join(parts)), marked, len(lines) - len(shown))


def _reasons(report: Mapping[str, Any]) -> dict[int, str]:
    """Return why a line of the graded file is marked: an exception that it raised, or a problem of the whole file."""
    found = {problem["line"]: problem["message"].partition("\n")[0] for problem in report["problems"]}
    for criterion in report["criteria"]:
        for check in criterion["checks"]:
            if line := check.get("line", 0):
                found.setdefault(line, check.get("exception", ""))
    return {line: why for line, why in found.items() if line > 0}


@cache
def _margins() -> tuple[str, ...]:
    return tuple(f'<span class="number">{number:4d} | </span>' for number in range(1, LINES_SHOWN + 1))
