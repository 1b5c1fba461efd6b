"""One report for one submission, and its forms: JSON and text for a terminal. Pure: no file, no clock, no process."""

from grader.report.build import build_report, with_timings
from grader.report.json import content_hash, report_schema, to_json
from grader.report.report import (
    CheckReport,
    CourseStamp,
    CriterionReport,
    DiagnosisHint,
    DiagnosisReport,
    GraderFault,
    Isolation,
    Output,
    ProblemReport,
    Report,
    Run,
    ScoreReport,
    SubmissionStamp,
)
from grader.report.terminal import plain_text, points_text, render_terminal

__all__ = [
    "CheckReport",
    "CourseStamp",
    "CriterionReport",
    "DiagnosisHint",
    "DiagnosisReport",
    "GraderFault",
    "Isolation",
    "Output",
    "ProblemReport",
    "Report",
    "Run",
    "ScoreReport",
    "SubmissionStamp",
    "build_report",
    "content_hash",
    "plain_text",
    "points_text",
    "render_terminal",
    "report_schema",
    "to_json",
    "with_timings",
]
