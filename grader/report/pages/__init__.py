"""Pages for a browser, made from plain data. Each page is one file that needs no others.

A learner's text is never markup: everything is escaped, and invisible characters are written as escapes. A policy in
each page forbids it to load or send anything.
"""

from grader.report.pages.explanation import ExplainedCall, ExplainedCheck, Explanation, Passage
from grader.report.pages.matrix import CheckColumn, KillMatrix, VariantRow, to_matrix_json
from grader.report.pages.render import (
    SourceLine,
    class_page,
    compare_page,
    explanation_page,
    learner_page,
    matrix_page,
    run_page,
    similarity_page,
)
from grader.report.pages.similar_pairs import NO_VERDICT, CommonPassage, ComparedLine, Similarity, SimilarPair
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
    "NO_VERDICT",
    "ChangedScore",
    "CheckColumn",
    "ClassSummary",
    "CommonPassage",
    "ComparedLine",
    "CriterionSummary",
    "DiagnosisCount",
    "ExerciseSummary",
    "ExplainedCall",
    "ExplainedCheck",
    "Explanation",
    "KillMatrix",
    "LearnerRow",
    "Passage",
    "RunSummary",
    "ScoreCell",
    "SimilarPair",
    "Similarity",
    "SourceLine",
    "VariantRow",
    "class_page",
    "compare_page",
    "explanation_page",
    "learner_page",
    "matrix_page",
    "run_page",
    "similarity_page",
    "to_matrix_json",
]
