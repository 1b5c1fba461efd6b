"""The report as a page for a browser."""

from collections.abc import Mapping, Sequence

from grader.report.grouping import groups_of
from grader.report.json import content_of
from grader.report.pages import SourceLine, learner_page
from grader.report.report import Report
from grader.report.report_formats import View
from grader.text import for_terminal

SUFFIXES = (".html", ".htm")
LINES_SHOWN = 3000  # of a file; a longer one would make the page slow
CHARACTERS_SHOWN = 400


def render(report: Report, view: View) -> str:
    """Return the report as one file of HTML."""
    groups = groups_of(report)
    return learner_page(
        content_of(report),
        changes=str(view.changes) if view.changes is not None else "",
        advice=view.advice,
        start=groups[0].first.id if groups else "",
        sources={name: _marked(text, _reasons(report)) for name, text in view.sources.items()},
        seen=view.seen,
    )


def _reasons(report: Report) -> Mapping[int, str]:
    """Return why a line of the graded file is marked: an exception that it raised, or a problem of the whole file."""
    found = {problem.line: problem.message.partition("\n")[0] for problem in report.problems}
    for criterion in report.criteria:
        for check in criterion.checks:
            if check.line:
                found.setdefault(check.line, check.exception)
    return found


def _marked(text: str, reasons: Mapping[int, str]) -> Sequence[SourceLine]:
    lines = text.split("\n")[:LINES_SHOWN]
    return [
        SourceLine(number, for_terminal(line)[:CHARACTERS_SHOWN], reasons.get(number, ""))
        for number, line in enumerate(lines, 1)
    ]
