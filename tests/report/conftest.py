"""A report with one criterion of each kind."""

import dataclasses

import pytest

from grader.checks import CheckOutcome, Verdict
from grader.course import Rubric
from grader.report import Circumstances, Judgement, build_report
from grader.sandbox import Reason
from grader.scoring import score
from grader.submission import SourceFile, Submission

COURSE_HASH = "c" * 64


def _criterion(name, title, function, points, checks, **more):
    hints = {"question": f"What about {name}?", "probe": "Take two units.", "name": "the mask"}
    return {
        "id": name,
        "title": title,
        "function": function,
        "points": points,
        "checks": checks,
        "hints": hints,
        **more,
    }


RUBRIC = Rubric.model_validate(
    {
        "exercise": "03_dropout",
        "title": "Dropout",
        "module": "dropout",
        "functions": {"dropout": ["y", "mask"], "dropout_backward": ["dx"]},
        "criteria": [
            _criterion("mean", "Keeps the mean", "dropout", 2, ["test_mean"]),
            _criterion(
                "gradient",
                "Sends the gradient back through what was kept",
                "dropout_backward",
                3,
                ["test_shape", "test_gradient", "test_inputs"],
                whole=True,
            ),
            _criterion("draws", "Draws a mask", "dropout", 1, ["test_new", "test_same"]),
            _criterion("speed", "Is fast", "dropout", 1, ["test_speed"]),
            _criterion("exact", "Is exact", "dropout", 1, ["test_exact"]),
            _criterion("channels", "Drops channels", "dropout", 1.5, ["test_channels"], bonus=True),
        ],
    }
)

OUTCOMES = (
    CheckOutcome(
        "test_mean",
        "Keeps the mean.",
        Verdict.PASSED,
        remarks=("y is float32; the inputs were float64. Accepted, with float32 precision.",),
    ),
    CheckOutcome("test_shape", "Keeps the shape.", Verdict.PASSED),
    CheckOutcome(
        "test_gradient",
        "Multiplies the gradient by the mask.",
        Verdict.FAILED,
        "dx[0, 1] is 0.5, 3 of 12 elements are wrong\n"
        "for dropout_backward with dy = [[1, 2], [3, 4]] of shape (2, 2), mask (3, 4)\n"
        "The mask holds 1 / (1 - rate) already.",
        reason=Reason.WRONG_VALUE,
    ),
    CheckOutcome(
        "test_inputs",
        "Leaves its inputs alone.",
        Verdict.FAILED,
        "dropout_backward changed its argument dy, expected it to be left as it was\nfor dropout_backward with dy (2, 3)",
        reason=Reason.CHANGED_INPUT,
    ),
    CheckOutcome("test_new", "Draws another mask each time.", Verdict.PASSED),
    CheckOutcome(
        "test_same",
        "Draws the same mask from the same seed.",
        Verdict.FAILED,
        "the masks differ",
        reason=Reason.WRONG_VALUE,
    ),
    CheckOutcome("test_speed", "Takes no longer than ours.", Verdict.NOT_RUN, "it needs the mean first"),
    CheckOutcome("test_exact", "Predicts the variance.", Verdict.NOT_RUN, "it needs the mean first"),
    CheckOutcome(
        "test_channels",
        "Drops whole channels.",
        Verdict.FAILED,
        "dropout is not implemented yet",
        reason=Reason.NOT_IMPLEMENTED,
    ),
)

FAULT = CheckOutcome(
    "test_speed", "Takes no longer than ours.", Verdict.GRADER_FAULT, "ValueError: oops (test_dropout.py:7)"
)

SUBMISSION = Submission("ada", "03_dropout", (SourceFile("dropout.py", "x = 1\n"),), "a" * 64)


@pytest.fixture
def build():
    """`build(...)` returns the report. Its arguments replace the usual outcomes, circumstances and so on."""

    def _build(outcomes=OUTCOMES, submission=SUBMISSION, **given):
        named = {field.name for field in dataclasses.fields(Circumstances)}
        usual = Circumstances("namespaces", 0, COURSE_HASH)
        circumstances = dataclasses.replace(usual, **{name: one for name, one in given.items() if name in named})
        rest = {name: tuple(one) if isinstance(one, list) else one for name, one in given.items() if name not in named}
        points = score(RUBRIC, outcomes, rest.get("diagnoses", ()))
        return build_report(Judgement(RUBRIC, submission, points, circumstances, **rest))

    return _build


@pytest.fixture
def all_passed():
    return tuple(CheckOutcome(o.name, o.title, Verdict.PASSED) for o in OUTCOMES)


@pytest.fixture
def faulty():
    """Return the outcomes with a grader fault in one check."""
    return tuple(FAULT if outcome.name == FAULT.name else outcome for outcome in OUTCOMES)


@pytest.fixture
def rubric():
    return RUBRIC


@pytest.fixture
def submission():
    return SUBMISSION
