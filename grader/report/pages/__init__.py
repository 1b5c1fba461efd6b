"""Pages for a browser, made from plain data. Each page is one file that needs no others.

A learner's text is never markup: everything is escaped, and invisible characters are written as escapes. A policy in
each page forbids it to load or send anything.
"""

from grader.report.pages.explanation import ExplainedCall, ExplainedCheck, Explanation, Passage
from grader.report.pages.matrix import CheckColumn, KillMatrix, VariantRow, to_matrix_json
from grader.report.pages.render import (
    class_page,
    compare_page,
    explanation_page,
    learner_page,
    matrix_page,
    run_page,
    similarity_page,
)
from grader.report.pages.similar_pairs import NO_VERDICT, CommonPassage, ComparedLine, Similarity, SimilarPair
from grader.report.pages.source_listing import SourceListing, source_listing
from grader.report.pages.summary import (
    BINS,
    EVERYONE,
    NOT_ISOLATED,
    STATE_WORDS,
    CellState,
    ChangedScore,
    ClassSummary,
    CriterionSummary,
    DiagnosisCount,
    ExerciseSummary,
    LearnerRow,
    RunSummary,
    ScoreCell,
    ScoreDistribution,
    all_idle,
)

__all__ = [
    "BINS",
    "EVERYONE",
    "NOT_ISOLATED",
    "NO_VERDICT",
    "STATE_WORDS",
    "CellState",
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
    "ScoreDistribution",
    "SimilarPair",
    "Similarity",
    "SourceListing",
    "VariantRow",
    "all_idle",
    "class_page",
    "compare_page",
    "explanation_page",
    "learner_page",
    "matrix_page",
    "run_page",
    "similarity_page",
    "source_listing",
    "to_matrix_json",
]
