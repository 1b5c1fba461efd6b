"""The report as JSON."""

from grader.report.json import to_json
from grader.report.report import Report
from grader.report.report_formats import View

SUFFIXES = (".json",)


def render(report: Report, view: View) -> str:
    """Return the report as JSON, which is the same in every view."""
    return to_json(report)
