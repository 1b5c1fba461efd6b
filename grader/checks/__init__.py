"""Hidden tests as ordinary pytest functions, run for one submission after another. Knows nothing of points."""

from grader.checks.assertions import (
    CheckFailedError,
    assert_close,
    assert_fraction,
    assert_generator_used,
    assert_inputs_unchanged,
    assert_raises,
    assert_shape,
    assert_that,
    fail,
)
from grader.checks.direct import is_of_keras
from grader.checks.models import Models
from grader.checks.outcome import CheckOutcome, Verdict
from grader.checks.race import race
from grader.checks.randomness import generator_for
from grader.checks.submission import DirectCaller, SubmissionProxy, direct, signatures_of

__all__ = [
    "CheckFailedError",
    "CheckOutcome",
    "DirectCaller",
    "Models",
    "SubmissionProxy",
    "Verdict",
    "assert_close",
    "assert_fraction",
    "assert_generator_used",
    "assert_inputs_unchanged",
    "assert_raises",
    "assert_shape",
    "assert_that",
    "direct",
    "fail",
    "generator_for",
    "is_of_keras",
    "race",
    "signatures_of",
]
