"""A learner's files: read with limits, screened, and never run here. This room knows nothing about rubrics."""

from grader.submission.imports import Imports
from grader.submission.problem import Problem
from grader.submission.reading import BYTES_LIMIT, MissingFileError, SubmissionError, decode_source, read_submission
from grader.submission.screen import NESTING_LIMIT, screen, screen_submission
from grader.submission.submission import ANONYMOUS, SourceFile, Submission

__all__ = [
    "ANONYMOUS",
    "BYTES_LIMIT",
    "NESTING_LIMIT",
    "Imports",
    "MissingFileError",
    "Problem",
    "SourceFile",
    "Submission",
    "SubmissionError",
    "decode_source",
    "read_submission",
    "screen",
    "screen_submission",
]
