"""Everything after the checks has one deadline: our processor time and the learner's time together."""

import pytest

from grader.checks import DirectCaller
from grader.checks.session import RunContext
from grader.diagnosis import Deadline, Diagnostician, Recorder, TimeUpError
from tests.grading import COURSE, reference_functions, session_of


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
    deadline = Deadline(2.0, processor, wall)
    wall.seconds = 100  # our own process did not run
    processor.seconds = 0.5
    assert deadline.left == 1.5
    with deadline.waiting():
        wall.seconds += 1
    assert deadline.left == 0.5
    deadline.check()
    processor.seconds = 3
    assert deadline.left == 0
    with pytest.raises(TimeUpError):
        deadline.check()


def test_a_wait_counts_even_if_it_fails(processor, wall):
    deadline = Deadline(2.0, processor, wall)

    def fails():
        with deadline.waiting():
            wall.seconds = 5
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert deadline.left == 0


def test_a_diagnosis_ends_at_the_deadline(processor):
    ours = reference_functions("03_dropout")
    recorder = Recorder(DirectCaller({**ours, "dropout_backward": lambda dy, mask: dy}))
    session_of("03_dropout").run(RunContext(recorder, 0))
    calls = recorder.calls["dropout_backward"]
    diagnostician = Diagnostician(COURSE.find("dropout"))
    deadline = Deadline(2.0, processor)
    assert diagnostician.diagnose("dropout_backward", calls, deadline=deadline).misconceptions
    processor.seconds = 2
    with pytest.raises(TimeUpError):
        diagnostician.diagnose("dropout_backward", calls, deadline=deadline)
