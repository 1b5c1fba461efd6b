"""One report for one submission, and its forms: JSON and text for a terminal. Pure: no file, no clock, no process."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.report.build import build_report, with_timings
    from grader.report.json import content_hash, report_schema, to_json
    from grader.report.judgement import Circumstances, Judgement
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
    from grader.report.terminal import render_terminal
    from grader.report.terminal_lines import points_text

# The pages and tables of a batch are made in a process that imports neither NumPy nor checks: names are looked up when
# first used.
_MODULES = {
    "CheckReport": "report",
    "Circumstances": "judgement",
    "CourseStamp": "report",
    "CriterionReport": "report",
    "DiagnosisHint": "report",
    "DiagnosisReport": "report",
    "GraderFault": "report",
    "Isolation": "report",
    "Judgement": "judgement",
    "Output": "report",
    "ProblemReport": "report",
    "Report": "report",
    "Run": "report",
    "ScoreReport": "report",
    "SubmissionStamp": "report",
    "build_report": "build",
    "content_hash": "json",
    "points_text": "terminal_lines",
    "render_terminal": "terminal",
    "report_schema": "json",
    "to_json": "json",
    "with_timings": "build",
}

__all__ = [
    "CheckReport",
    "Circumstances",
    "CourseStamp",
    "CriterionReport",
    "DiagnosisHint",
    "DiagnosisReport",
    "GraderFault",
    "Isolation",
    "Judgement",
    "Output",
    "ProblemReport",
    "Report",
    "Run",
    "ScoreReport",
    "SubmissionStamp",
    "build_report",
    "content_hash",
    "points_text",
    "render_terminal",
    "report_schema",
    "to_json",
    "with_timings",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
