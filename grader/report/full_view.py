"""All criteria of a report with all of their checks: what `-v` shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from grader.checks import Verdict
from grader.report.array_pictures import picture_of
from grader.report.grouping import functions_of, is_unwritten, word_of
from grader.report.report import CriterionReport, Report
from grader.report.terminal_lines import indent_of, points_of, text_of, write_barred, write_indented, write_row
from grader.text import for_terminal

if TYPE_CHECKING:
    from rich.console import Console


def write_all_criteria(console: Console, report: Report) -> None:
    """Write every criterion and every check."""
    graded = [criterion for criterion in report.criteria if not criterion.bonus]
    bonus = [criterion for criterion in report.criteria if criterion.bonus]
    _write_in_turn(console, graded, with_details=not report.problems)
    if bonus:
        console.print()
        console.print(text_of(("Bonus, beyond the points of the exercise", "bold")))
        _write_in_turn(console, bonus, with_details=not report.problems)


def _write_in_turn(console: Console, criteria: Sequence[CriterionReport], *, with_details: bool) -> None:
    """Write criteria in turn. If a function is not implemented yet, say so once, after all criteria that need it."""
    for criterion, following in zip(criteria, [*criteria[1:], None], strict=True):
        word = word_of(criterion)
        write_row(console, word, for_terminal(criterion.title), points_of(criterion))
        if with_details and word != "TODO":
            _write_details(console, criterion)
        if not with_details or not is_unwritten(criterion):
            continue
        if following is None or not is_unwritten(following) or functions_of([following]) != functions_of([criterion]):
            write_indented(console, for_terminal(criterion.checks[0].message).partition("\n")[0], "cyan")


def _write_details(console: Console, criterion: CriterionReport) -> None:
    for line, style in _details(criterion, console.width - indent_of(console) - 2):
        if style is None:
            write_barred(console, line)
        else:
            write_indented(console, line, style)


def _details(criterion: CriterionReport, width: int) -> Iterable[tuple[str, str | None]]:
    """Yield the lines below a criterion with their styles; None for a line that may contain text from a learner."""
    yield from ((for_terminal(sentence), "cyan") for sentence in criterion.carried_forward)
    for check in criterion.checks:
        title = for_terminal(check.title)
        message = for_terminal(check.message).splitlines()
        if check.verdict is Verdict.FAILED:
            if title != criterion.title:
                yield title, "bold"
            yield from ((line, None) for line in message)
            if check.example is not None:
                yield from ((line, None) for line in picture_of(check.example, width))
        elif check.verdict is Verdict.NOT_RUN:
            yield f"Not run: {': '.join((title.rstrip('.'), *message[:1]))}", None
        elif check.verdict is Verdict.GRADER_FAULT:
            yield f"Not judged, because the grader broke: {title}", "magenta"
        else:
            yield f"Passed: {title}", "dim"
    if criterion.hint is not None:
        yield f"Next: {for_terminal(criterion.hint)}", "cyan"
