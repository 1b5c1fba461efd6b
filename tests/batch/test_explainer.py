"""A learner's function that is slow after the checks costs its explanation, and no more time than there is."""

import contextlib

import numpy as np

from grader.checks import DirectCaller
from grader.diagnosis import Deadline, Recorder
from grader.grading.explainer import Explainer
from tests.grading import COURSE, reference_functions, session_of

EXERCISE = COURSE.find("dropout")


class SlowApart:
    """Asks the functions once more, and each call takes half a second."""

    def __init__(self, functions):
        self._caller = DirectCaller(functions)
        self.seconds = 0.0
        self.asked = 0

    @contextlib.contextmanager
    def child_for(self, function, seconds):
        assert seconds > 0
        yield self

    def call(self, function, arguments, named):
        self.asked += 1
        self.seconds += 0.5
        return self._caller.call(function, arguments, named)


def explained(functions, seconds):
    """What is asked, what the messages gained, and the faults."""
    recorder = Recorder(DirectCaller(functions))
    outcomes = session_of(EXERCISE.key).run(recorder, 0)
    apart = SlowApart(functions)
    explainer = Explainer(
        EXERCISE, uses_keras=False, deadline=lambda: Deadline(seconds, lambda: 0.0, lambda: apart.seconds)
    )
    faults = []
    found, _ = explainer.explain(outcomes, recorder.calls, apart, faults)
    assert [one.verdict for one in found] == [one.verdict for one in outcomes]
    longer = [new.name for old, new in zip(outcomes, found, strict=True) if len(new.message) > len(old.message)]
    return apart.asked, longer, faults


def wrong(dy, mask):
    return np.sinh(dy) * mask


def odd(x, rate):
    return np.sinh(x), np.cosh(x)


WRONG = {**reference_functions(EXERCISE.key), "dropout_backward": wrong, "dropout_moments": odd}


def test_two_seconds_are_four_calls_of_half_a_second():
    asked, longer, faults = explained(WRONG, 2.0)
    assert asked == 4
    assert len(longer) == 1
    assert faults == []


def test_with_time_both_functions_are_explained():
    asked, longer, faults = explained(WRONG, 1000.0)
    assert asked > 4
    assert len(longer) == 2
    assert faults == []


def test_what_is_said_is_the_same_for_every_deadline_that_is_not_reached():
    assert explained(WRONG, 1000.0) == explained(WRONG, 2000.0)


def test_an_explanation_that_breaks_takes_no_score_away(monkeypatch):
    def broken(*_):
        raise KeyError("an answer that nobody foresaw")

    monkeypatch.setattr("grader.diagnosis.Diagnostician.diagnose", broken)
    recorder = Recorder(DirectCaller(WRONG))
    outcomes = session_of(EXERCISE.key).run(recorder, 0)
    faults = []
    found, diagnoses = Explainer(EXERCISE, uses_keras=False).explain(outcomes, recorder.calls, SlowApart(WRONG), faults)

    assert [one.verdict for one in found] == [one.verdict for one in outcomes]
    assert (diagnoses, faults) == ([], [])
    words = "The search for an explanation failed (KeyError). The points are not affected."
    assert sum(one.message.endswith(words) for one in found) == 2
