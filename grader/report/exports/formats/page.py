"""The page of a report, which a learner opens in a browser."""

from __future__ import annotations

from grader.report.exports.export_file import ReportFile
from grader.report.pages import learner_page

REPORT_FILE = ReportFile(
    "reports/{learner}/{exercise}.html",
    lambda report, standing: learner_page(report, standing.late, decisions=standing.decisions),
)
