"""Pages for a browser: whole files that need nothing else, made from plain data.

A learner's text is never markup: everything is escaped, and characters that do not show or that turn the writing
direction are written as escapes. A policy in each page forbids it to load or send anything.
"""

from grader.report.pages.matrix import CheckColumn, KillMatrix, VariantRow, to_matrix_json
from grader.report.pages.render import class_page, compare_page, learner_page, matrix_page, run_page
from grader.report.pages.summary import (
    BINS,
    NOT_ISOLATED,
    ChangedScore,
    ClassSummary,
    CriterionSummary,
    DiagnosisCount,
    ExerciseSummary,
    LearnerRow,
    RunSummary,
    ScoreCell,
)

__all__ = [
    "BINS",
    "NOT_ISOLATED",
    "ChangedScore",
    "CheckColumn",
    "ClassSummary",
    "CriterionSummary",
    "DiagnosisCount",
    "ExerciseSummary",
    "KillMatrix",
    "LearnerRow",
    "RunSummary",
    "ScoreCell",
    "VariantRow",
    "class_page",
    "compare_page",
    "learner_page",
    "matrix_page",
    "run_page",
    "to_matrix_json",
]
