"""A race draws new arguments in each round, and compares every answer."""

import time

import numpy as np
import pytest

from grader.checks import CheckFailedError, direct, race
from grader.checks.race import FEWEST_LOST
from tests.checks.test_assertions import RUBRIC, Reference

SLOW = 0.01


def slowly(x, times=2):
    time.sleep(SLOW)
    return x * times


def raced(function, enough=3.0, baseline=Reference.double):
    rng = np.random.default_rng(0)
    runner, ours = (direct(RUBRIC, {"double": one}, Reference).double for one in (function, baseline))
    return race(runner, ours, lambda: (rng.normal(size=3),), enough=enough)


def test_as_fast_as_ours():
    assert raced(slowly, baseline=slowly) < 3


def test_a_dictionary_of_answers_does_not_help():
    known = {}

    def remembering(x):
        if x.tobytes() not in known:
            known[x.tobytes()] = slowly(x)
        return known[x.tobytes()]

    assert raced(remembering) > 3
    assert len(known) == FEWEST_LOST


def test_a_wrong_answer_after_the_first_round_fails():
    rounds = []

    def hasty(x):
        rounds.append(x)
        return slowly(x) if len(rounds) == 1 else rounds[0] * 2

    with pytest.raises(CheckFailedError) as caught:
        raced(hasty)
    assert len(rounds) == 2
    assert "y[0] is" in str(caught.value)
