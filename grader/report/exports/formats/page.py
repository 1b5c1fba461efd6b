"""The page of a report, which a learner opens in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.report.exports.export_file import ReportFile, Standing
from grader.report.pages import learner_page, source_listing


def to_page(report: Mapping[str, Any], standing: Standing) -> str:
    """Return the page of a report, given as the mapping that its JSON holds."""
    handed_in = standing.handed_in
    sources = {}
    if handed_in is not None and handed_in.source is not None:
        sources = {handed_in.file: source_listing(handed_in.source, report)}
    return learner_page(report, standing.late, decisions=standing.decisions, sources=sources, handed_in=handed_in)


REPORT_FILE = ReportFile("reports/{learner}/{exercise}.html", to_page)
