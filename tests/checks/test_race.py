"""A race compares processor times, draws new arguments in each round, and compares every answer."""

import time

import numpy as np
import pytest

from grader.checks import CheckFailedError, direct, is_fast
from grader.checks.race import FEWEST_LOST, ROUNDS
from grader.checks.reference_cache import cached
from tests.checks.test_assertions import RUBRIC, Reference

WORK = 0.002


def work(seconds=WORK):
    """Use so much processor time, however long that takes."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def working(x, times=2):
    work()
    return x * times


def raced(function, limit=3.0, reference=working):
    rng = np.random.default_rng(0)
    runner = direct(RUBRIC, {"double": function}, Reference).double
    return is_fast(runner, reference, lambda: (rng.normal(size=3),), limit=limit)


def test_as_fast_as_ours():
    assert raced(working)


def test_a_reference_is_timed_without_its_cache():
    """The numbers here are drawn once, so from the second run on the result would come from the cache."""
    fixed = np.ones(3)
    runner = direct(RUBRIC, {"double": working}, Reference).double
    assert is_fast(runner, cached(working), lambda: (fixed,), limit=3.0)


def test_waiting_costs_nothing():
    """A process waits if others keep the processor busy."""

    def waiting(x):
        time.sleep(20 * WORK)
        return working(x)

    assert raced(waiting)


def test_a_clear_result_ends_the_race_early():
    rounds = []

    def far_too_slow(x):
        rounds.append(x)
        work(30 * WORK)
        return x * 2

    assert not raced(far_too_slow)
    assert len(rounds) == FEWEST_LOST


def test_a_function_near_the_limit_runs_all_rounds():
    rounds = []

    def slow(x):
        rounds.append(x)
        work(5 * WORK)
        return x * 2

    assert not raced(slow)
    assert len(rounds) == ROUNDS


def test_a_slow_first_round_does_not_count():
    rounds = []

    def cold(x):
        rounds.append(x)
        work(30 * WORK if len(rounds) == 1 else WORK)
        return x * 2

    assert raced(cold)


def test_a_dictionary_of_answers_does_not_help():
    known = {}

    def remembering(x):
        if x.tobytes() not in known:
            work(30 * WORK)
            known[x.tobytes()] = x * 2
        return known[x.tobytes()]

    assert not raced(remembering)
    assert len(known) == FEWEST_LOST


def test_a_wrong_answer_after_the_first_round_fails():
    rounds = []

    def hasty(x):
        rounds.append(x)
        work(10 * WORK)
        return x * 2 if len(rounds) == 1 else rounds[0] * 2

    with pytest.raises(CheckFailedError) as caught:
        raced(hasty)
    assert len(rounds) == 2
    assert "y[0] is" in str(caught.value)


def test_an_answer_that_ends_the_race_says_that_the_time_is_unknown():
    with pytest.raises(CheckFailedError) as wrong:
        raced(lambda x: working(x, times=3))
    assert wrong.value.timed
    with pytest.raises(CheckFailedError) as raises:
        raced(lambda x: x[7])
    assert raises.value.timed
