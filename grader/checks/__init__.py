"""Run hidden tests, ordinary pytest functions, for one submission after another. Knows nothing about points."""

from typing import TYPE_CHECKING, Any

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
from grader.checks.direct import DirectCaller, is_of_keras
from grader.checks.outcome import CheckOutcome, Verdict
from grader.checks.proxy import SubmissionProxy, direct, signatures_of
from grader.checks.race import is_fast
from grader.checks.randomness import generator_for

if TYPE_CHECKING:
    from grader.checks.models import Models

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
    "is_fast",
    "is_of_keras",
    "signatures_of",
]


def __getattr__(name: str) -> Any:
    """Import `Models` at its first use: most exercises have no models, and the import takes a while."""
    if name != "Models":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.checks.models import Models

    return Models
