"""The criteria of a report on one screen: the cause to start with in full, everything else in a line each.

A learner reads what stays on the screen. If there is not enough room, other failures lose their details first and then
become a number; the cause, its picture and its question stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from grader.diagnosis.smallest import ANOTHER, SMALLEST
from grader.report.array_pictures import picture_of
from grader.report.grouping import Group, functions_of, groups_of, in_order, word_of
from grader.report.report import CriterionReport, Report
from grader.report.terminal_lines import (
    indent_of,
    points_of,
    text_of,
    write_barred,
    write_indented,
    write_row,
    written_by,
)
from grader.text import counted, for_terminal

if TYPE_CHECKING:
    from rich.console import Console

Writer = Callable[["Console"], None]

MESSAGE_LINES = 3  # of the terminal, for each line of a message
NOT_JUDGED = "Not judged, because the grader broke: "


def criteria_lines(report: Report, width: int, colour: bool, room: int, everything: str) -> list[str]:
    """Return the lines about the criteria: at most `room` of them, unless the first cause alone needs more.

    `everything` is what the reader types to see all criteria.
    """
    first, *others = groups_of(report) or (None,)
    words = {
        word: [one for one in in_order(report) if word_of(one) == word] for word in ("TODO", "NOT RUN", "PASS", "OURS")
    }
    written = functions_of(one for one in report.criteria if word_of(one) != "TODO")
    start = written_by(width, colour, partial(_write_start, first, words["TODO"] or words["NOT RUN"]))
    rest = written_by(
        width, colour, *(partial(_write_rest, word, found, written) for word, found in words.items() if found)
    )
    spare = room - len(start) - len(rest) - (1 if start and rest else 0)
    if others:
        start = [*start, *([""] if start else []), *_others_lines(others, width, colour, spare - 1, everything)]
    elif start and rest and first is not None:
        start.append("")
    return [*start, *rest]


def _write_start(group: Group | None, waiting: Sequence[CriterionReport], console: Console) -> None:
    """Write the cause to start with: a failure, else why the first function is not written or was not run."""
    if group is not None:
        _write_cause(console, group)
    elif waiting:
        console.print(text_of((f"Start here: {functions_of(waiting[:1])[0]}", "bold")))
        said = next((one.message for one in waiting[0].checks if one.message), "")
        line = for_terminal(said).partition("\n")[0]
        if word_of(waiting[0]) == "TODO":
            write_indented(console, line, "cyan")
        elif line:
            write_barred(console, line, most=MESSAGE_LINES)


def _write_cause(console: Console, group: Group) -> None:
    check, example = group.check, group.check.example
    place = f", line {check.line}" if check.line else ""
    heading = "Start here" if not group.first.bonus else "The bonus"
    console.print(text_of((f"{heading}: {for_terminal(check.function)}{place}", "bold")))
    _write_criterion(console, group.first)
    message = check.summary if example is not None and check.summary else check.message
    for line in for_terminal(message).splitlines():
        write_barred(console, line, most=MESSAGE_LINES)
    if example is not None:
        lines = picture_of(example, console.width - indent_of(console) - 2)
        which = "One input on which it fails"
        if example.seen:
            which = SMALLEST if example.inputs else ANOTHER
        if lines or example.settings:
            settings = f", with {for_terminal(example.settings)}" if example.settings else ""
            write_indented(console, f"{which}{settings}:", "bold")
        for line in lines:
            write_barred(console, line)
        if example.seen and example.yours is None and not check.exception:
            write_barred(console, for_terminal(example.seen), most=MESSAGE_LINES)
    if group.first.hint is not None:
        write_indented(console, f"Next: {for_terminal(group.first.hint)}", "cyan")
    _write_followers(console, group)


def _write_followers(console: Console, group: Group) -> None:
    """Write the criteria that fail for the same reason: those that lose points, then those that do not."""
    if group.others:
        write_barred(console, f"Same reason: {_titles(group.others)}", most=2)
    if group.same:
        write_row(console, "SAME", _cut(f"Same cause, no points lost: {_titles(group.same)}", console.width - 10))


def _others_lines(groups: Sequence[Group], width: int, colour: bool, room: int, everything: str) -> list[str]:
    """Return the lines of the other failures, with as many details as there is room."""
    for write in (_write_other, _write_heading):
        lines = written_by(width, colour, *(partial(write, group) for group in groups))
        if len(lines) <= room or (len(groups) == 1 and write is _write_heading):
            return lines
    lines, shown = [], 0
    for group in groups:
        more = written_by(width, colour, partial(_write_heading, group))
        if len(lines) + len(more) > max(room - 1, 0):
            break
        lines, shown = [*lines, *more], shown + 1
    left = sum(1 + len(group.others) for group in groups[shown:])
    return [*lines, *written_by(width, colour, partial(_write_left, left, shown == 0, everything))]


def _write_left(count: int, none_shown: bool, everything: str, console: Console) -> None:
    criteria = counted(count, "criterion", "criteria")
    write_row(console, "FAIL", f"{criteria} {'' if none_shown else 'more '}of other causes; {everything} shows them")


def _write_other(group: Group, console: Console) -> None:
    _write_criterion(console, group.first)
    write_barred(console, for_terminal(group.check.message).partition("\n")[0], most=1)
    _write_followers(console, group)


def _write_heading(group: Group, console: Console) -> None:
    """Write the criterion; if others fail for the same reason, add that reason and their number, in one line."""
    _write_criterion(console, group.first)
    if others := len(group.others) + len(group.same):
        message = for_terminal(group.check.message).partition("\n")[0]
        number = f" ({others} more for this reason)"
        room = console.width - indent_of(console) - 2 - len(number)
        write_barred(console, f"{_cut(message, room)}{number}", most=1)


def _write_criterion(console: Console, criterion: CriterionReport) -> None:
    bonus = " (bonus)" if criterion.bonus else ""
    write_row(console, word_of(criterion), f"{for_terminal(criterion.title)}{bonus}", points_of(criterion))


def _write_rest(word: str, found: Sequence[CriterionReport], written: Collection[str], console: Console) -> None:
    """Write what needs no explanation: one line for each verdict."""
    room = console.width - 10
    if word == "TODO":
        write_row(console, word, _cut(", ".join(_unwritten(found, written)), 2 * room))
    elif word == "NOT RUN":
        write_row(console, word, _cut(_titles(found), room))
    elif word == "PASS":
        write_row(console, word, _cut(f"{counted(len(found), 'criterion', 'criteria')}: {_titles(found)}", room))
    else:
        for criterion in found:
            _write_criterion(console, criterion)
            write_indented(console, f"{NOT_JUDGED}{for_terminal(criterion.checks[0].title)}", "magenta")


def _unwritten(todo: Sequence[CriterionReport], written: Collection[str]) -> list[str]:
    """Return the functions that are not written; of a function that is written in part, what is missing."""
    found: dict[str, bool] = {}
    for criterion in todo:
        (function, *_) = functions_of([criterion])
        name = criterion.title if function in written else function
        found[for_terminal(name)] = found.get(for_terminal(name), True) and criterion.bonus
    return [f"{name} (bonus)" if bonus else name for name, bonus in found.items()]


def _titles(criteria: Sequence[CriterionReport]) -> str:
    return "; ".join(for_terminal(one.title) for one in criteria)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
