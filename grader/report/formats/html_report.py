"""The report as a page for a browser."""

from grader.report.grouping import groups_of
from grader.report.json import content_of
from grader.report.pages import learner_page, source_listing
from grader.report.report import Report
from grader.report.report_formats import View

SUFFIXES = (".html", ".htm")


def render(report: Report, view: View) -> str:
    """Return the report as one file of HTML."""
    groups, content = groups_of(report), content_of(report)
    return learner_page(
        content,
        changes=str(view.changes) if view.changes is not None else "",
        advice=view.advice,
        start=groups[0].first.id if groups else "",
        sources={name: source_listing(text, content) for name, text in view.sources.items()},
        seen=view.seen,
    )
