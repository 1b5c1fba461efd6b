"""The report as a learner reads it in a terminal, a pipe or a file.

Every verdict is a word: colour only repeats it. Nothing of what a learner's program wrote reaches the terminal as a
control sequence, and each line that may contain its text begins with a bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from grader.report.full_view import write_all_criteria
from grader.report.grouping import functions_of, is_not_started
from grader.report.report import Output, ProblemReport, Report
from grader.report.report_formats import EVERYTHING
from grader.report.short_view import criteria_lines
from grader.report.terminal_lines import (
    BAR,
    as_ascii,
    filled,
    points_text,
    text_of,
    write_barred,
    write_indented,
    written_by,
)
from grader.text import for_terminal, printed_for_terminal

if TYPE_CHECKING:
    from rich.console import Console

    from grader.report.since_last_run import Changes

NARROWEST = 24
SCREEN = 23  # lines: a terminal of 24 needs one for its prompt
BAR_CELLS, FEWEST_CELLS = 30, 10
LINES_SHOWN = 3
LINES_SHOWN_VERBOSE = 200
CHARACTERS_SHOWN = 400


def render_terminal(
    report: Report,
    *,
    width: int,
    colour: bool,
    verbose: bool = False,
    ascii_only: bool = False,
    height: int = SCREEN,
    changes: Changes | None = None,
    advice: str = "",
    see: str = "",
    everything: str = EVERYTHING,
) -> str:
    """Return the report as text of this width, with a newline at the end.

    The caller decides on `colour`, since it knows the terminal and NO_COLOR. The text has about `height` lines: the
    first cause in full, and the rest as far as there is room. `verbose` leaves nothing out, however long it is.
    `changes` are those since the last run, `advice` is a last line about what to do next, and `see` says how to look at
    what the program does: a program that runs has something to see. `everything` is what the
    reader types to see all. `ascii_only` is for a stream that can carry nothing else.
    """
    width = max(width, NARROWEST)

    def lines(*writers: Callable[[Console], None]) -> list[str]:
        return written_by(width, colour, *writers)

    head = lines(partial(_write_score, report, changes), partial(_write_problems, report))
    carried = [] if verbose else lines(partial(_write_carried, report))
    foot = lines(
        partial(_write_remarks, report),
        partial(_write_faults, report),
        partial(_write_output, report.output, LINES_SHOWN_VERBOSE if verbose else LINES_SHOWN),
        partial(_write_foot, report, [advice, see if _runs(report) else ""], "" if verbose else everything),
    )
    if verbose:
        middle = lines(partial(_write_all, report))
    else:
        middle = (
            [] if report.problems else criteria_lines(report, width, colour, height - len(head) - len(foot), everything)
        )
    if len(head) + len(middle) + len(carried) + len(foot) > height:
        carried = []
    text = "".join(f"{line}\n" for line in (*head, *middle, *carried, *foot))
    return as_ascii(text) if ascii_only else text


def _write_all(report: Report, console: Console) -> None:
    write_all_criteria(console, report)


def _write_score(report: Report, changes: Changes | None, console: Console) -> None:
    number, _, name = report.exercise.partition("_")
    score = report.score
    title = f"{number} {for_terminal(report.title) or name}"
    if score.earned is None:
        console.print(text_of((title, "bold"), "    ", ("no score", "bold magenta")))
        console.print()
        return
    if is_not_started(report):
        possible = f"{points_text(score.possible)} points"
        console.print(text_of((title, "bold"), "    ", ("not started", "bold cyan"), f"    {possible}"))
        console.print()
        return
    points = f"{points_text(score.earned)} / {points_text(score.possible)} points"
    if score.earned_bonus:
        points += f" + {points_text(score.earned_bonus)} bonus"
    complete = score.earned >= score.possible and not report.problems
    line = text_of((title, "bold"), "    ", (points, "bold"))
    room = console.width - line.cell_len - 3
    cells = min(BAR_CELLS, room if room >= FEWEST_CELLS else console.width)
    line.append("   " if room >= FEWEST_CELLS else "\n")
    share = score.earned / score.possible if score.possible else 1.0
    line.append(filled(share, cells), style="green" if complete else "cyan")
    console.print(line)
    if changes is not None and not report.problems:
        console.print(text_of((f"Since the last run: {changes}", "dim")))
    console.print()


def _write_problems(report: Report, console: Console) -> None:
    if not report.problems:
        return
    file = report.submission.files[0] if report.submission.files else report.exercise
    console.print(text_of(("Your file could not run, so nothing has been checked yet.", "bold")))
    for problem in report.problems:
        console.print()
        place, message = f"{for_terminal(file)}:{problem.line}", for_terminal(problem.message)
        first, _, more = message.partition("\n")
        line = text_of((place, "bold"), f": {first}")
        whole = line.cell_len <= console.width
        begun, *parts = [line] if whole else line.wrap(console, console.width - 4, overflow="fold")
        console.print(begun)
        for one in [*(part.plain for part in parts), *more.splitlines()]:
            write_barred(console, one, indent=2)
        _write_source_line(console, problem)


def _write_source_line(console: Console, problem: ProblemReport) -> None:
    from rich.cells import cell_len

    source = for_terminal(problem.source_line)
    if not source.strip():
        return
    margin = len(source) - len(source.lstrip())
    shown = source[margin:].rstrip()
    before = for_terminal(problem.source_line[: problem.column - 1])[margin:] if problem.column else ""
    hidden = 0  # of a long line, what is too far to the left of the caret
    while cell_len(before[hidden:]) > console.width - 12:
        hidden += 1
    margin_text = ("  ", (BAR, "dim"))
    console.print(text_of(*margin_text, shown[hidden:]), no_wrap=True, crop=True, overflow="crop")
    if problem.column:
        console.print(text_of(*margin_text, " " * cell_len(before[hidden:]), ("^", "bold red")))


def _write_carried(report: Report, console: Console) -> None:
    """Write once what was carried forward into criteria that have all their points."""
    functions: dict[str, list[str]] = {}
    for criterion in report.criteria:
        if criterion.earned == criterion.possible and criterion.same_cause_as is None:
            for sentence in criterion.carried_forward:
                functions.setdefault(sentence, []).extend(functions_of([criterion]))
    if functions:
        console.print()
    for sentence, names in functions.items():
        console.print(text_of((f"{', '.join(dict.fromkeys(names))}: {for_terminal(sentence)}", "cyan")))


def _write_remarks(report: Report, console: Console) -> None:
    checks = [check for criterion in report.criteria for check in criterion.checks]
    found = (*report.remarks, *(remark for check in checks for remark in check.remarks))
    remarks = list(dict.fromkeys(map(for_terminal, found)))
    if remarks:
        console.print()
        console.print(text_of(("Remarks, which cost nothing", "bold")))
        for remark in remarks:
            write_barred(console, remark)


def _write_faults(report: Report, console: Console) -> None:
    if not report.grader_faults:
        return
    console.print()
    heading = "The grader broke, so there is no score. This is not your fault. Please tell your instructor:"
    console.print(text_of((heading, "bold magenta")))
    for fault in report.grader_faults:
        first = for_terminal(fault.message).partition("\n")[0][:CHARACTERS_SHOWN]
        write_barred(console, f"{fault.check}: {first}" if fault.check else first)


def _write_output(output: Output, limit: int, console: Console) -> None:
    for heading, text in (("Your program printed", output.stdout), ("Your program wrote to stderr", output.stderr)):
        lines = printed_for_terminal(text).rstrip("\n").split("\n")
        if lines == [""]:
            continue
        console.print()
        console.print(text_of((heading, "bold")))
        for line in lines[:limit]:
            shown = line if len(line) <= CHARACTERS_SHOWN else f"{line[:CHARACTERS_SHOWN]}…"
            write_barred(console, shown)
        if len(lines) > limit:
            write_indented(console, f"… {len(lines) - limit} more lines", "dim")
    if output.truncated:
        write_indented(console, "The output was too long; the rest was discarded.", "dim")


def _runs(report: Report) -> bool:
    """Return True if the program ran, and somebody has written a part of it."""
    return not report.problems and not report.grader_faults and not is_not_started(report)


def _write_foot(report: Report, sentences: Sequence[str], everything: str, console: Console) -> None:
    parts = [
        f"isolation {report.isolation}",
        f"seed {report.course.seed}",
        f"course {report.course.hash[:12]}",
    ]
    for name, seconds in (report.run.timings or {}).items():
        parts.append(f"{name.removesuffix('_seconds').replace('_', ' ')} {seconds:.2f} s")
    console.print()
    for sentence in filter(None, sentences):
        console.print(text_of((sentence, "bold")))
    if everything and not report.problems:
        parts.append(f"{everything} shows everything")
    console.print(text_of((" · ".join(parts), "dim")))
