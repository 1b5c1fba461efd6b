"""The question of a failed check belongs to the reason of the failure."""

import pytest

from grader.checks import CheckOutcome, Verdict
from grader.report.question import BY_EXCEPTION, BY_REASON, OF_CRITERION, RAISED, question_of
from grader.sandbox import Reason
from tests.grading import COURSE

CRITERION = COURSE.find("01_convolution").rubric.criteria[0]


def asked(reason, exception=""):
    outcome = CheckOutcome("test_x", "Does x.", Verdict.FAILED, "x is wrong", reason=reason, exception=exception)
    return question_of(outcome, CRITERION)


def test_a_wrong_value_gets_the_question_of_its_criterion():
    assert asked(Reason.WRONG_VALUE) == CRITERION.hints.question


def test_a_wrong_shape_and_a_missing_return_get_their_own():
    assert asked(Reason.WRONG_SHAPE) == "Work out this shape by hand. Which line of your function decides it?"
    assert asked(Reason.NOT_RETURNED) == "Does every path through your function end with a return?"


@pytest.mark.parametrize("exception", [*BY_EXCEPTION, "OSError"])
def test_an_exception_gets_the_question_of_its_kind(exception):
    assert asked(Reason.RAISED, exception) == BY_EXCEPTION.get(exception, RAISED)


@pytest.mark.parametrize("reason", [Reason.NOT_IMPLEMENTED, Reason.NOT_DEFINED, Reason.DIED, None])
def test_some_failures_need_no_question(reason):
    assert asked(reason) is None


def test_every_reason_of_an_answer_has_a_question():
    without = {
        Reason.NOT_IMPLEMENTED, Reason.NOT_DEFINED, Reason.UNAVAILABLE, Reason.LOST_VALUE, Reason.DIED, Reason.EXITED,
        Reason.INVALID_ANSWER, Reason.OVER_BUDGET, Reason.NOT_LOADED, Reason.SKIPPED, Reason.GRADER_FAULT,
    }  # fmt: skip
    assert set(Reason) - without == OF_CRITERION | BY_REASON.keys() | {Reason.RAISED}
