"""The report as a learner reads it in a terminal, a pipe or a file.

Every verdict is a word: colour only repeats it. Nothing of what a learner's program wrote reaches the terminal as a
control sequence, and each line that may contain its text begins with a bar.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from grader.checks import Verdict
from grader.report.report import UNWRITTEN, CheckReport, CriterionReport, Output, ProblemReport, Report
from grader.sandbox import Reason
from grader.text import for_encoding, for_terminal, printed_for_terminal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NARROWEST = 24
INDENT = 9  # the verdict words stand in a column of their own: "NOT RUN" and two spaces
NARROW = 60  # below it the details begin nearer to the left
BAR_CELLS = 30
LINES_SHOWN = 12
LINES_SHOWN_VERBOSE = 200
CHARACTERS_SHOWN = 400

BAR = "│ "
_STYLES = {
    "PASS": "bold green",
    "FAIL": "bold red",
    "SAME": "bold yellow",
    "TODO": "bold cyan",
    "NOT RUN": "bold yellow",
    "OURS": "bold magenta",
}
_IN_ASCII = str.maketrans({"█": "#", "░": "-", "·": "|", "│": "|", "…": "..."})


def render_terminal(
    report: Report, *, width: int, colour: bool, verbose: bool = False, ascii_only: bool = False
) -> str:
    """Return the report as text of this width, with a newline at the end.

    The caller decides on `colour`, since it knows the terminal and NO_COLOR. `verbose` tells of passed checks too
    and leaves nothing out; `ascii_only` is for a stream that can carry nothing else.
    """
    from rich.console import Console

    written = io.StringIO()
    console = Console(
        file=written,
        width=max(width, NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        force_jupyter=False,
    )
    _write_score(console, report)
    _write_problems(console, report)
    _write_criteria(console, report, verbose)
    if not verbose:
        _write_carried(console, report)
    _write_remarks(console, report)
    _write_faults(console, report)
    _write_output(console, report.output, LINES_SHOWN_VERBOSE if verbose else LINES_SHOWN)
    _write_foot(console, report)
    text = "".join(f"{line.rstrip()}\n" for line in written.getvalue().removesuffix("\n").split("\n"))
    return for_encoding(text.translate(_IN_ASCII), "ascii") if ascii_only else text


def points_text(points: float) -> str:
    """Points as one says them.

    >>> points_text(8.0), points_text(5.5), points_text(0.6667)
    ('8', '5.5', '0.67')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _write_score(console: Console, report: Report) -> None:
    number, _, name = report.exercise.partition("_")
    score = report.score
    title = f"{number} {for_terminal(report.title) or name}"
    if score.earned is None:
        console.print(_text((title, "bold"), "    ", ("no score", "bold magenta")))
        console.print()
        return
    points = f"{points_text(score.earned)} / {points_text(score.possible)} points"
    if score.earned_bonus:
        points += f" + {points_text(score.earned_bonus)} bonus"
    bar = _bar(score.earned, score.possible)
    complete = score.earned >= score.possible and not report.problems
    line = _text((title, "bold"), "    ", (points, "bold"))
    if line.cell_len + 3 + BAR_CELLS <= console.width:
        line.append("   ")
        line.append(bar, style="green" if complete else "cyan")
        console.print(line)
    else:
        console.print(line)
        console.print(_text((bar[: console.width], "green" if complete else "cyan")), no_wrap=True, crop=True)
    console.print()


def _bar(earned: float, possible: float) -> str:
    """Full only for all points, empty only for none."""
    share = earned / possible if possible else 1.0
    cells = int(share * BAR_CELLS)
    if earned > 0:
        cells = max(cells, 1)
    return "█" * cells + "░" * (BAR_CELLS - cells)


def _write_problems(console: Console, report: Report) -> None:
    if not report.problems:
        return
    file = report.submission.files[0] if report.submission.files else report.exercise
    console.print(_text(("Your file could not run, so nothing has been checked yet.", "bold")))
    for problem in report.problems:
        console.print()
        place, message = f"{for_terminal(file)}:{problem.line}", for_terminal(problem.message)
        first, _, more = message.partition("\n")
        line = _text((place, "bold"), f": {first}")
        whole = line.cell_len <= console.width
        begun, *parts = [line] if whole else line.wrap(console, console.width - 4, overflow="fold")
        console.print(begun)
        for one in [*(part.plain for part in parts), *more.splitlines()]:
            _write_barred(console, one, indent=2)
        _write_source_line(console, problem)
    console.print()


def _write_source_line(console: Console, problem: ProblemReport) -> None:
    from rich.cells import cell_len

    source = for_terminal(problem.source_line)
    if not source.strip():
        return
    margin = len(source) - len(source.lstrip())
    shown = source[margin:].rstrip()
    before = for_terminal(problem.source_line[: problem.column - 1])[margin:] if problem.column else ""
    hidden = 0  # of a long line, what stands too far to the left of the caret
    while cell_len(before[hidden:]) > console.width - 12:
        hidden += 1
    margin_text = ("  ", (BAR, "dim"))
    console.print(_text(*margin_text, shown[hidden:]), no_wrap=True, crop=True, overflow="crop")
    if problem.column:
        console.print(_text(*margin_text, " " * cell_len(before[hidden:]), ("^", "bold red")))


def _write_criteria(console: Console, report: Report, verbose: bool) -> None:
    graded = [criterion for criterion in report.criteria if not criterion.bonus]
    bonus = [criterion for criterion in report.criteria if criterion.bonus]
    _write_in_turn(console, graded, verbose, with_details=not report.problems)
    if bonus:
        console.print()
        console.print(_text(("Bonus, beyond the points of the exercise", "bold")))
        _write_in_turn(console, bonus, verbose, with_details=not report.problems)


def _write_in_turn(console: Console, criteria: Sequence[CriterionReport], verbose: bool, *, with_details: bool) -> None:
    """Write criteria in turn. If a function is not implemented yet, say so once, after all criteria that need it."""
    for criterion, following in zip(criteria, [*criteria[1:], None], strict=True):
        _write_criterion(console, criterion, verbose, with_details)
        if not with_details or not _is_unwritten(criterion):
            continue
        if following is None or not _is_unwritten(following) or _waits_for(following) != _waits_for(criterion):
            _write_indented(console, for_terminal(criterion.checks[0].message).partition("\n")[0], "cyan")


def _is_unwritten(criterion: CriterionReport | None) -> bool:
    """Return whether every check of a criterion found a stub."""
    return criterion is not None and all(check.reason is Reason.NOT_IMPLEMENTED for check in criterion.checks)


def _waits_for(criterion: CriterionReport) -> tuple[str, ...]:
    return tuple(sorted({check.function for check in criterion.checks}))


def _write_criterion(console: Console, criterion: CriterionReport, verbose: bool, with_details: bool) -> None:
    from rich.table import Table

    word = _word(criterion)
    row = Table.grid(expand=True, padding=0)
    row.add_column(width=INDENT, no_wrap=True)
    row.add_column(ratio=1, overflow="fold")
    row.add_column(justify="right", no_wrap=True)
    earned = criterion.earned
    points = "" if earned is None else f" {points_text(earned)} / {points_text(criterion.possible)}"
    row.add_row(_text((word, _STYLES[word])), _text(for_terminal(criterion.title)), _text(points))
    console.print(row)
    if with_details and word != "TODO":
        for line, style in _details(criterion, verbose):
            if style is None:
                _write_barred(console, line)
            else:
                _write_indented(console, line, style)


def _word(criterion: CriterionReport) -> str:
    if _is_unwritten(criterion):
        return "TODO"
    if criterion.same_cause_as is not None:
        return "SAME"
    verdicts = {check.verdict for check in criterion.checks}
    if Verdict.FAILED in verdicts:
        return "FAIL"
    if Verdict.NOT_RUN in verdicts:
        return "NOT RUN"
    return "OURS" if Verdict.GRADER_FAULT in verdicts else "PASS"


def _details(criterion: CriterionReport, verbose: bool) -> Iterable[tuple[str, str | None]]:
    """Yield the lines below a criterion with their styles: the first failure in full, the others in a line.

    If another criterion is charged with all failures, one line refers to it. The style is None for a line that may
    contain text from a learner.
    """
    if verbose or criterion.earned != criterion.possible or criterion.same_cause_as is not None:
        yield from ((for_terminal(sentence), "cyan") for sentence in criterion.carried_forward)
    if criterion.same_cause_as is not None and not verbose:
        return
    told: CheckReport | None = None  # the check whose message was given in full
    for check in criterion.checks:
        title = for_terminal(check.title)
        message = for_terminal(check.message).splitlines()
        if check.verdict is Verdict.FAILED and (told is None or verbose):
            told = told or check
            if title != criterion.title:
                yield title, "bold"
            yield from ((line, None) for line in message)
        elif check.verdict is Verdict.FAILED:
            repeated = check.reason in UNWRITTEN  # "conv2d is not implemented yet" is said once
            yield f"Also: {title if repeated else _in_a_line(title, message)}", "" if repeated else None
        elif check.verdict is Verdict.NOT_RUN:
            yield f"Not run: {_in_a_line(title, message)}", None
        elif check.verdict is Verdict.GRADER_FAULT:
            yield f"Not judged, because the grader broke: {title}", "magenta"
        elif verbose:
            yield f"Passed: {title}", "dim"
    if criterion.hint is not None and told is not None:
        yield f"Next: {for_terminal(criterion.hint)}", "cyan"


def _in_a_line(title: str, message: list[str]) -> str:
    first = message[0] if message else ""
    if not first:
        return title
    shown = first if len(first) <= CHARACTERS_SHOWN // 4 else f"{first[: CHARACTERS_SHOWN // 4]}…"
    return f"{title.rstrip('.')}: {shown}"


def _write_carried(console: Console, report: Report) -> None:
    """Write once what was carried forward into criteria that have all their points."""
    functions: dict[str, list[str]] = {}
    for criterion in report.criteria:
        if criterion.earned == criterion.possible and criterion.same_cause_as is None:
            for sentence in criterion.carried_forward:
                functions.setdefault(sentence, []).extend(_waits_for(criterion))
    if functions:
        console.print()
    for sentence, names in functions.items():
        console.print(_text((f"{', '.join(dict.fromkeys(names))}: {for_terminal(sentence)}", "cyan")))


def _write_remarks(console: Console, report: Report) -> None:
    checks = [check for criterion in report.criteria for check in criterion.checks]
    found = (*report.remarks, *(remark for check in checks for remark in check.remarks))
    remarks = list(dict.fromkeys(map(for_terminal, found)))
    if remarks:
        console.print()
        console.print(_text(("Remarks, which cost nothing", "bold")))
        for remark in remarks:
            _write_barred(console, remark)


def _write_faults(console: Console, report: Report) -> None:
    if not report.grader_faults:
        return
    console.print()
    heading = "The grader broke, so there is no score. This is not your fault. Please tell your instructor:"
    console.print(_text((heading, "bold magenta")))
    for fault in report.grader_faults:
        first = for_terminal(fault.message).partition("\n")[0][:CHARACTERS_SHOWN]
        _write_barred(console, f"{fault.check}: {first}" if fault.check else first)


def _write_output(console: Console, output: Output, limit: int) -> None:
    for heading, text in (("Your program printed", output.stdout), ("Your program wrote to stderr", output.stderr)):
        lines = printed_for_terminal(text).rstrip("\n").split("\n")
        if lines == [""]:
            continue
        console.print()
        console.print(_text((heading, "bold")))
        for line in lines[:limit]:
            shown = line if len(line) <= CHARACTERS_SHOWN else f"{line[:CHARACTERS_SHOWN]}…"
            _write_barred(console, shown)
        if len(lines) > limit:
            _write_indented(console, f"… {len(lines) - limit} more lines", "dim")
    if output.truncated:
        _write_indented(console, "The output was too long; the rest was discarded.", "dim")


def _write_foot(console: Console, report: Report) -> None:
    parts = [
        f"isolation {report.isolation}",
        f"seed {report.course.seed}",
        f"course {report.course.hash[:12]}",
    ]
    for name, seconds in (report.run.timings or {}).items():
        parts.append(f"{name.removesuffix('_seconds').replace('_', ' ')} {seconds:.2f} s")
    console.print()
    console.print(_text((" · ".join(parts), "dim")))


def _write_indented(console: Console, line: str, style: str = "") -> None:
    from rich.padding import Padding

    text = _text((line, style))
    text.overflow = "fold"
    console.print(Padding(text, (0, 0, 0, _indent(console)), expand=False))


def _write_barred(console: Console, line: str, indent: int | None = None) -> None:
    """Write a line that may contain text from a learner, with a bar before each line of the terminal."""
    indent = _indent(console) if indent is None else indent
    for part in _text(line).wrap(console, console.width - indent - len(BAR), overflow="fold") or [_text("")]:
        console.print(_text(" " * indent, (BAR, "dim"), part.plain.rstrip()), no_wrap=True)


def _indent(console: Console) -> int:
    return INDENT if console.width >= NARROW else 2


def _text(*parts: str | tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)
