"""A learner's function that becomes slow after the checks is asked little; what the checks saw is still explained."""

import contextlib

import numpy as np

from grader.checks import DirectCaller
from grader.checks.session import RunContext
from grader.diagnosis import Deadline, Recorder
from grader.grading.explainer import Explainer
from grader.sandbox import Reason, Request, Stopped
from tests.grading import COURSE, reference_functions, session_of

EXERCISE = COURSE.find("dropout")


class SlowChildren:
    """Calls the functions in this process. Each call counts as half a second."""

    def __init__(self, functions):
        self._caller = DirectCaller(functions)
        self.seconds = 0.0
        self.asked = 0
        self._until = 0.0

    @contextlib.contextmanager
    def child_for(self, function, seconds):
        assert seconds >= 0
        self._until = self.seconds + seconds
        yield self

    def call(self, function, arguments, named):
        return self._ask(Request(function, arguments, named))

    def ask_all(self, requests):
        return [self._ask(one) for one in requests]

    def _ask(self, request):
        if self.seconds >= self._until:
            return Stopped(Reason.OVER_BUDGET, "the time of this child is used up")
        self.asked += 1
        self.seconds += 0.5
        return self._caller.ask(request)


def explained(functions, seconds):
    """Return the number of calls, the checks whose message became longer, and the faults."""
    recorder = Recorder(DirectCaller(functions))
    outcomes = session_of(EXERCISE.key).run(RunContext(recorder, 0))
    children = SlowChildren(functions)
    explainer = Explainer(
        EXERCISE, uses_keras=False, deadline=lambda: Deadline(30.0, seconds, lambda: 0.0, lambda: children.seconds)
    )
    explained = explainer.explain(outcomes, recorder.calls, children)
    assert [one.verdict for one in explained.outcomes] == [one.verdict for one in outcomes]
    pairs = zip(outcomes, explained.outcomes, strict=True)
    longer = [new.name for old, new in pairs if len(new.message) > len(old.message)]
    return children.asked, longer, explained.faults


def wrong(dy, mask):
    return np.sinh(dy) * mask


def odd(x, rate):
    return np.sinh(x), np.cosh(x)


WRONG = {**reference_functions(EXERCISE.key), "dropout_backward": wrong, "dropout_moments": odd}


def test_two_seconds_allow_four_calls_of_half_a_second():
    asked, _, faults = explained(WRONG, 2.0)
    assert asked == 4
    assert faults == ()


def test_what_the_checks_saw_is_explained_without_a_question():
    asked, longer, faults = explained(WRONG, 0.0)
    assert asked == 0
    assert len(longer) == 2
    assert faults == ()


def test_both_functions_are_explained_if_there_is_time():
    asked, longer, faults = explained(WRONG, 1000.0)
    assert asked > 4
    assert len(longer) == 2
    assert faults == ()


def test_a_deadline_that_is_not_reached_changes_nothing():
    assert explained(WRONG, 1000.0) == explained(WRONG, 2000.0)


def test_a_crash_of_the_explanation_costs_no_points(monkeypatch):
    def broken(*_):
        raise KeyError("an answer that nobody foresaw")

    monkeypatch.setattr("grader.diagnosis.Diagnostician.diagnose", broken)
    recorder = Recorder(DirectCaller(WRONG))
    outcomes = session_of(EXERCISE.key).run(RunContext(recorder, 0))
    explained = Explainer(EXERCISE, uses_keras=False).explain(outcomes, recorder.calls, SlowChildren(WRONG))

    assert [one.verdict for one in explained.outcomes] == [one.verdict for one in outcomes]
    assert (explained.diagnoses, explained.faults) == ((), ())
    words = "The search for an explanation failed (KeyError). The points are not affected."
    assert sum(one.message.endswith(words) for one in explained.outcomes) == 2
