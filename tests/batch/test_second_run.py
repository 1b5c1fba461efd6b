"""What is checked a second time: only what right functions can change."""

import pytest

from grader.checks import CheckOutcome, Verdict
from grader.course import Rubric
from grader.diagnosis import Recorded
from grader.grading.second_run import Again, to_check_again
from grader.sandbox import Line, Raised, Reason, Returned
from grader.submission import SourceFile, Submission

HINTS = {"question": "Why?", "probe": "Try 1.", "name": "reason"}
CRITERIA = (("a", "pad", ["pad_1"]), ("b", "step", ["step_1"]), ("c", "conv", ["conv_1", "conv_2"]))
SOURCE = "def pad(x): ...\ndef step(x): ...\ndef conv(x): return step(pad(x))\n"


def rubric(**more):
    criteria = [
        {"id": name, "title": name, "function": function, "points": 1, "checks": checks, "hints": HINTS}
        for name, function, checks in CRITERIA
    ]
    functions = {name: ["y"] for _, name, _ in CRITERIA}
    return Rubric.model_validate(
        {
            "exercise": "01_toy", "title": "T", "module": "toy", "functions": functions, "criteria": criteria,
            "may_call": {"conv": ["pad", "step"]}, **more,
        }
    )  # fmt: skip


def outcomes(**reasons):
    names = [check for *_, checks in CRITERIA for check in checks]
    return [
        CheckOutcome(name, name, Verdict.FAILED if name in reasons else Verdict.PASSED, reason=reasons.get(name))
        for name in names
    ]


def again(given, calls=(), source=SOURCE, **more):
    submission = Submission("a", "01_toy", (SourceFile("toy.py", source),), "0" * 64)
    return list(to_check_again(rubric(**more), given, {"conv": calls}, submission))


def asked(answer):
    return Recorded((1,), {}, answer, 0)


WRONG = Reason.WRONG_VALUE


def test_the_failed_checks_of_a_caller_with_what_is_wrong_of_what_it_may_call():
    assert again(outcomes(step_1=WRONG, conv_2=WRONG)) == [Again("conv", frozenset({"step"}), ("conv_2",))]
    assert again(outcomes(pad_1=WRONG, step_1=WRONG, conv_1=WRONG, conv_2=WRONG)) == [
        Again("conv", frozenset({"pad", "step"}), ("conv_1", "conv_2"))
    ]


@pytest.mark.parametrize("given", [outcomes(), outcomes(conv_1=WRONG), outcomes(pad_1=WRONG)])
def test_nothing_if_the_caller_or_all_that_it_may_call_is_right(given):
    assert again(given) == []


def test_a_right_answer_that_came_too_late_is_not_tried_again():
    given = outcomes(step_1=WRONG, conv_1=Reason.TOO_SLOW, conv_2=WRONG)

    assert again(given) == [Again("conv", frozenset({"step"}), ("conv_2",))]
    assert again(outcomes(step_1=WRONG, conv_1=Reason.TOO_SLOW)) == []


def test_a_function_that_is_missing_is_not_tried_again():
    assert again(outcomes(step_1=WRONG, conv_1=Reason.NOT_DEFINED)) == []


def test_a_file_that_never_mentions_the_wrong_function_is_not_tried_again():
    assert again(outcomes(step_1=WRONG, conv_1=WRONG), source="def step(x): ...\ndef conv(x): return x\n") == []


def test_a_stub_is_not_tried_again_but_a_caller_of_a_stub_is():
    given = outcomes(step_1=Reason.NOT_IMPLEMENTED, conv_1=Reason.NOT_IMPLEMENTED)
    stub = asked(Raised("NotImplementedError", "TODO", (Line(3, "conv"),)))
    caller = asked(Raised("NotImplementedError", "TODO", (Line(3, "conv"), Line(2, "step"))))

    assert again(given, [stub]) == []
    assert len(again(given, [caller])) == 1
    assert len(again(given, [stub, asked(Returned(1))])) == 1


def test_a_rubric_can_switch_it_off():
    assert again(outcomes(step_1=WRONG, conv_1=WRONG), carry_forward={"substitutes": False}) == []
