"""What follows the checks has two limits: one for our processor time, one for the learner's functions."""

import pytest

from grader.diagnosis import Deadline, Diagnostician, TimeUpError
from tests.diagnosis.dropout_learners import keep_probability
from tests.diagnosis.judging import asked, calls_of, diagnostician
from tests.grading import COURSE, reference_functions


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def processor():
    return Clock()


@pytest.fixture
def wall():
    return Clock()


def test_our_work_counts_as_processor_time_and_a_learners_as_wall_time(processor, wall):
    deadline = Deadline(2.0, 3.0, processor, wall)
    wall.seconds = 100  # our own process did not run
    processor.seconds = 0.5
    assert (deadline.left, deadline.left_to_ask) == (1.5, 3.0)
    with deadline.waiting():
        wall.seconds += 1
    assert (deadline.left, deadline.left_to_ask) == (1.5, 2.0)
    deadline.check()
    processor.seconds = 3
    assert (deadline.left, deadline.left_to_ask) == (0, 0)
    with pytest.raises(TimeUpError):
        deadline.check()


def test_a_slow_function_is_not_asked_again_but_our_work_goes_on(processor, wall):
    deadline = Deadline(2.0, 3.0, processor, wall)
    with deadline.waiting():
        wall.seconds = 5
    assert (deadline.left, deadline.left_to_ask) == (2.0, 0)
    deadline.check()


def test_a_wait_counts_even_if_it_fails(processor, wall):
    deadline = Deadline(2.0, 3.0, processor, wall)

    def fails():
        with deadline.waiting():
            wall.seconds = 5
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert deadline.left_to_ask == 0


def test_a_diagnosis_ends_at_the_deadline(processor):
    key, function = "02_pooling", "global_avg_pool2d"
    exercise = COURSE.find(key)
    wrong = reference_functions(key)["avg_pool2d"]
    calls, _ = calls_of(key, function, wrong)
    ask_all = asked(function, wrong)
    deadline = Deadline(2.0, processor=processor)
    assert Diagnostician(exercise).diagnose(function, calls, ask_all, deadline).located
    processor.seconds = 2
    with pytest.raises(TimeUpError):
        Diagnostician(exercise).diagnose(function, calls, ask_all, deadline)


def test_a_diagnosis_of_a_random_function_ends_at_the_deadline(processor):
    key, function = "03_dropout", "dropout"
    calls, _ = calls_of(key, function, keep_probability)
    ask_all = asked(function, keep_probability)
    deadline = Deadline(2.0, processor=processor)
    assert diagnostician(key).diagnose(function, calls, ask_all, deadline).misconceptions
    processor.seconds = 2
    with pytest.raises(TimeUpError):
        Diagnostician(COURSE.find(key)).diagnose(function, calls, ask_all, deadline)
