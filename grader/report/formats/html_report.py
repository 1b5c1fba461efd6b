"""The report as a page for a browser."""

from grader.report.exports.formats.page import REPORT_FILE
from grader.report.json import content_of
from grader.report.report import Report
from grader.report.report_formats import View

SUFFIXES = (".html", ".htm")


def render(report: Report, view: View) -> str:
    """Return the report as one file of HTML."""
    return REPORT_FILE.text(content_of(report), "")
