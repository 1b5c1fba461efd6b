"""The state of a watch, and the screen that shows it. Pure: the same state and size give the same lines."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from grader.report.grouping import names_unwritten
from grader.report.report_formats import DEFAULT, View, render_as
from grader.text import for_terminal

if TYPE_CHECKING:
    from grader.report import CriterionReport, Report
    from grader.report.since_last_run import Changes

LEAST_LINES = 8
KEYS = (("h", "hint"), ("n", "next"), ("l", "list"), ("a", "all checks"), ("o", "page"), ("q", "quit"))
MORE = "space: more"


@dataclass(frozen=True)
class WatchState:
    """Everything that the screen shows.

    `sees` says what the page shows of the program, if it shows anything. `activity` is what happens now, `panel` a text
    that hides the report until the next key, `notes` lines below it. With `whole`, all of the report is shown. `top` is
    the first line that is shown.
    """

    file: str
    number: int
    activity: str
    sees: str = ""
    report: Report | None = None
    changes: Changes | None = None
    panel: str = ""
    notes: tuple[str, ...] = ()
    whole: bool = False
    top: int = 0


@dataclass(frozen=True)
class Window:
    """The size of the terminal, and what it can show."""

    width: int
    height: int
    colour: bool = False
    ascii_only: bool = False


def screen_of(state: WatchState, window: Window) -> list[str]:
    """Return the lines of the screen, at most as many as the window has."""
    foot = [_cut(for_terminal(state.activity), window.width), *_keys(window)]
    room = max(window.height, LEAST_LINES) - len(foot) - 1
    body = body_of(state, window)
    top = min(state.top, max(len(body) - room, 0))
    shown = body[top : top + room]
    left = len(body) - top - len(shown)
    if left:
        shown[-1] = _dim(_cut(f"... {left + 1} more lines. {MORE}", window.width), window)
    return [*shown, *[""] * (room - len(shown)), _dim("-" * window.width, window), *foot]


def body_of(state: WatchState, window: Window) -> list[str]:
    """Return everything above the foot, however long it is."""
    notes = [line for note in state.notes for line in _wrapped(note, window.width)]
    if state.panel:
        panel = [line for text in state.panel.split("\n") for line in _wrapped(text, window.width)]
        return [*panel, *notes, "", _dim("Any other key: back to the report", window)]
    if state.report is None:
        return [*_wrapped(f"Watching {state.file}", window.width), *notes]
    whole = state.whole
    view = View(
        window.width,
        window.colour,
        verbose=whole,
        ascii_only=window.ascii_only,
        changes=state.changes,
        see=f"See {state.sees}: press o" if state.sees and not names_unwritten(state.sees, state.report) else "",
        everything="a",
    )
    report = state.report if whole else with_first_open(state.report)
    lines = render_as(DEFAULT, report, view).rstrip("\n").split("\n")
    if is_complete(state.report):
        below_score = lines.index("") if "" in lines else len(lines)
        lines[below_score:below_score] = _wrapped("All points. Press n for the next exercise.", window.width)
    return [*lines, *([""] if notes else []), *notes]


def first_open(report: Report) -> CriterionReport | None:
    """Return the first criterion that lost points for its own reason, else the first that lost any."""
    lost = [one for one in report.criteria if one.earned is not None and one.earned < one.possible and not one.bonus]
    return next((one for one in lost if one.same_cause_as is None), lost[0] if lost else None)


def with_first_open(report: Report) -> Report:
    """Return the report with its first open criterion only; the whole report if none is open."""
    criterion = first_open(report)
    return report if criterion is None else report.model_copy(update={"criteria": (criterion,)})


def is_complete(report: Report) -> bool:
    """Return True if the report has all points."""
    earned = report.score.earned
    return earned is not None and earned >= report.score.possible and not report.problems


def _keys(window: Window) -> list[str]:
    """Return the keys with their meanings, in as many lines as they need."""
    lines = [""]
    for key, does in KEYS:
        entry = f"{key} {does}"
        if lines[-1] and len(lines[-1]) + 3 + len(entry) > window.width:
            lines.append("")
        lines[-1] += ("   " if lines[-1] else "") + entry
    return [_cut(line, window.width) for line in lines]


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(for_terminal(text), width, break_on_hyphens=False) or [""]


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: max(width - 3, 0)]}..."


def _dim(line: str, window: Window) -> str:
    return click.style(line, dim=True) if window.colour else line
