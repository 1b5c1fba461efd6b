"""The report as a page for a browser."""

from grader.report.json import content_of
from grader.report.pages import learner_page
from grader.report.report import Report
from grader.report.report_formats import View

SUFFIXES = (".html", ".htm")


def render(report: Report, view: View) -> str:
    """Return the report as one file of HTML."""
    return learner_page(content_of(report))
