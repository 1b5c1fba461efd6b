"""A function that computes nothing gets nothing back, whatever explains its answers."""

import numpy as np
import pytest

from grader.diagnosis import Diagnosis, Recorded
from grader.sandbox import Raised, Returned
from grader.scoring import without_idle
from grader.scoring.idle import is_idle

X, Z = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([7.0, 8.0, 9.0])


def calls(*answers):
    return [
        Recorded((x, 0.5), {}, one if isinstance(one, Raised) else Returned(one), 0)
        for x, one in zip((X, Z), answers, strict=True)
    ]


@pytest.mark.parametrize(
    "answers",
    [
        (X, Z),
        (np.zeros((2, 2)), np.zeros(3)),
        (np.full(2, np.nan), np.full(3, np.nan)),
        ((X, np.ones((2, 2))), (Z, np.ones(3))),
        (X, np.zeros(3)),
        (0, 0),
        (None, None),
        (X, Raised("ValueError", "no")),
    ],
)
def test_arguments_and_constants_show_no_work(answers):
    assert is_idle(calls(*answers))


@pytest.mark.parametrize(
    "answers",
    [
        (X + 1, Z),
        (X.T, Z),
        ((X, X * 2), (Z, np.ones(3))),
        (np.zeros((2, 2)), np.ones(3)),
        (1, 2),
        ((1, 1), (1, 2)),
        (Raised("ValueError", "no"), Raised("ValueError", "no")),
    ],
)
def test_everything_else_does(answers):
    assert not is_idle(calls(*answers))


def test_a_diagnosis_of_a_function_that_computes_nothing_explains_no_check():
    one = Diagnosis("f", (), explains=frozenset({"test_a"}))

    assert without_idle([one], {"f": calls(X, Z)})[0].explains == frozenset()
    assert without_idle([one], {"f": calls(X + 1, Z)}) == (one,)


@pytest.mark.parametrize(
    "value", [10**400, np.array([10**400], dtype=object), np.array([None]), [[1], [2, 3]], {}, "x"]
)
def test_no_answer_of_a_learner_raises_here(value):
    assert is_idle(calls(value, value))
