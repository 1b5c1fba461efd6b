"""The report as text for a terminal."""

from grader.report.report import Report
from grader.report.report_formats import View
from grader.report.seen_text import seen_text
from grader.report.terminal import render_terminal

SUFFIXES = (".txt",)


def render(report: Report, view: View) -> str:
    """Return the report as text of the width of the view."""
    text = render_terminal(
        report,
        width=view.width,
        colour=view.colour,
        verbose=view.verbose,
        ascii_only=view.ascii_only,
        height=view.height,
        changes=view.changes,
        advice=view.advice,
        see=view.see,
        everything=view.everything,
    )
    return text + seen_text(view.seen, width=view.width, colour=view.colour, ascii_only=view.ascii_only)
