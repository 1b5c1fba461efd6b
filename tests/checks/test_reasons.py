"""Each way to fail a check has a reason of its own, which no wording changes."""

import numpy as np
import pytest

from grader.checks import (
    CheckFailedError,
    assert_close,
    assert_fraction,
    assert_generator_used,
    assert_inputs_unchanged,
    assert_raises,
    assert_shape,
)
from grader.checks.call import Call
from grader.grading import Worker
from grader.sandbox import Limits, Raised, Reason
from grader.submission import SourceFile, Submission
from tests.grading import COURSE

EXERCISE = COURSE.find("03_dropout")
REFERENCE = EXERCISE.reference_path.read_text(encoding="utf-8")
BODIES = {
    "    raise NotImplementedError": Reason.NOT_IMPLEMENTED,
    "    import torch\n    return torch.zeros(1)": Reason.UNAVAILABLE,
    "    raise KeyError('x')": Reason.RAISED,
    "    while True:\n        pass": Reason.TIMED_OUT,
    "    import ctypes\n    ctypes.string_at(0)": Reason.DIED,
    "    import os\n    os._exit(3)": Reason.EXITED,
    "    import os\n    os.write(3, b'x' * 99)\n    return dy": Reason.INVALID_ANSWER,
    "    return None": Reason.NOT_RETURNED,
    "    return 'dx'": Reason.WRONG_TYPE,
    "    return dy * mask * 1j": Reason.WRONG_TYPE,
    "    return (dy * mask)[..., None]": Reason.WRONG_SHAPE,
    "    return dy": Reason.WRONG_VALUE,
}


@pytest.fixture(scope="module")
def worker():
    with Worker(EXERCISE, limits=Limits(call_seconds=0.5)) as worker:
        yield worker


def reasons_of(worker, text, function="dropout_backward"):
    """Return the reason of the first failed check of a function, from a real sandbox."""
    file = SourceFile("dropout.py", text)
    report = worker.grade(Submission("ada", EXERCISE.key, (file,), "a" * 64), 0)
    return [one.reason for criterion in report.criteria for one in criterion.checks if one.function == function]


@pytest.mark.parametrize(("body", "reason"), BODIES.items(), ids=[f"{one}" for one in BODIES.values()])
def test_the_end_of_a_call_and_its_answer(worker, body, reason):
    found = reasons_of(worker, f"{REFERENCE}\n\ndef dropout_backward(dy, mask):\n{body}\n")
    assert found[0] is reason


def test_a_function_that_is_not_defined(worker):
    assert reasons_of(worker, f"{REFERENCE}\n\ndel dropout_backward\n")[0] is Reason.NOT_DEFINED


def test_a_file_that_does_not_load(worker):
    assert set(reasons_of(worker, "raise ValueError\n")) == {Reason.NOT_LOADED}


def test_a_passed_check_has_none(worker):
    assert set(reasons_of(worker, REFERENCE)) == {None}


def reason_of(check, *arguments, **named):
    with pytest.raises(CheckFailedError) as caught:
        check(*arguments, **named)
    return caught.value.reason


class Asked:
    """Our own function in place of a learner's, with the arguments that it leaves."""

    name = "halve"

    def __init__(self, after=(), raised=None):
        self._after, self._raised = after, raised

    def arguments_after(self, *_):
        return self._after

    def raised_by(self, *_):
        return self._raised

    def describe(self, *arguments):
        return Call("halve", dict(zip("xy", arguments, strict=False)))


def test_what_a_check_compares():
    assert reason_of(assert_close, np.ones(2), np.zeros(2)) is Reason.WRONG_VALUE
    assert reason_of(assert_close, np.ones(2), np.zeros(3)) is Reason.WRONG_SHAPE
    assert reason_of(assert_close, "text", np.zeros(3)) is Reason.WRONG_TYPE
    assert reason_of(assert_shape, np.ones(2), (3,)) is Reason.WRONG_SHAPE
    assert reason_of(assert_shape, np.ones(2) * 1j, (2,)) is Reason.WRONG_TYPE
    assert reason_of(assert_fraction, 90, 100, 0.5, np.ones(1), "are on") is Reason.WRONG_DISTRIBUTION


def test_what_a_check_asks_of_a_call():
    x, rng = np.zeros(2), np.random.default_rng(0)
    assert reason_of(assert_inputs_unchanged, Asked((np.ones(2),)), x) is Reason.CHANGED_INPUT
    assert reason_of(assert_generator_used, Asked((False,)), rng) is Reason.GENERATOR_UNUSED
    assert reason_of(assert_raises, Asked(), ValueError, x) is Reason.NO_EXCEPTION
    assert reason_of(assert_raises, Asked(raised=Raised("KeyError", "x")), ValueError, x) is Reason.WRONG_EXCEPTION
