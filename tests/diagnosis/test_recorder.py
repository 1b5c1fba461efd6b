"""A recorder keeps the calls of the checks to a submission that a diagnosis needs."""

import json
import subprocess
import sys

import numpy as np
import pytest

from grader.diagnosis import Recorded, Recorder
from grader.diagnosis.answers import said
from grader.diagnosis.exploration import OF_CHECKS, items_of
from grader.diagnosis.recorder import ANSWER_LIMIT, DRAWS_LIMIT, KEPT_LIMIT
from grader.sandbox import Foreign, Raised, Returned
from grader.sandbox.inside.protocol import ModelOperation
from grader.sandbox.request import Caller, Request


class Answering(Caller):
    """Gives the same answer to every call."""

    def __init__(self, answer):
        self._answer = answer

    def ask(self, request):
        return self._answer() if callable(self._answer) else self._answer


def recorded(answer, times=1, function="double"):
    recorder = Recorder(Answering(answer))
    for _ in range(times):
        recorder.call(function, (np.ones(2),), {})
    return [call.answer for call in recorder.calls[function]]


def test_an_answer_is_kept_as_it_is():
    answer = Returned((np.ones(3), 2.0))
    assert recorded(answer) == [answer]
    assert recorded(Raised("ValueError", "no")) == [Raised("ValueError", "no")]


@pytest.mark.parametrize(
    "value", [np.zeros(ANSWER_LIMIT // 8 + 1), [np.zeros(ANSWER_LIMIT // 8)] * 2, ["x" * 1000] * 2000, [0] * 20_000]
)
def test_a_large_answer_is_replaced_by_a_wrong_one(value):
    (answer,) = recorded(Returned(value))
    assert answer.value == Foreign("an answer too large to be kept")
    assert said(answer) is None
    recorder = Recorder(Answering(Returned(value)))
    recorder.call("double", (np.ones(2),), {})
    (call,) = recorder.calls["double"]
    (item,) = items_of(call, call.answer, OF_CHECKS, (), (2 * np.ones(2),))
    assert item.is_wrong


def test_all_answers_together_are_limited():
    answers = recorded(lambda: Returned(np.ones(ANSWER_LIMIT // 16)), times=400)
    kept = [one for one in answers if isinstance(one.value, np.ndarray)]
    assert len(answers) == 400
    assert 0 < sum(one.value.nbytes for one in kept) <= KEPT_LIMIT


def test_an_operation_on_a_model_is_not_kept():
    assert recorded(Returned(1), function=ModelOperation.WEIGHTS) == []


LARGE = """
import json, resource
import numpy as np
from grader.checks import DirectCaller
from grader.diagnosis import Recorder

recorder = Recorder(DirectCaller({"double": lambda x: np.ones(61 * 2**17)}))
recorder.call("double", (np.ones(2),), {})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(40):
    recorder.call("double", (np.ones(2),), {})
print(json.dumps((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))
"""


def test_forty_answers_of_61_mib_need_the_memory_of_two():
    grown = subprocess.run([sys.executable, "-P", "-c", LARGE], capture_output=True, text=True, check=True).stdout
    assert json.loads(grown) < 130


def test_equal_digits_in_different_places_are_different_questions():
    asked = [((1, 11, 1), {}), ((11, 1, 1), {}), ((1, 1, 11), {}), ((1, 11), {"k": 1}), ((1,), {"k": 11, "n": 1})]
    calls = [Recorded(arguments, named, Returned(1), 0) for arguments, named in asked]
    assert len({call.fingerprint for call in calls}) == len(calls)
    assert calls[0].fingerprint == Recorded((1, 11, 1), {}, Returned(2), 0).fingerprint
    assert calls[0].fingerprint != Recorded((1, 11, 1), {}, Returned(1), 0, after=True).fingerprint


def test_of_many_draws_in_one_frame_only_some_are_kept():
    recorder = Recorder(Answering(Returned(1.0)))
    x, rate = np.ones(2), 0.25
    draws = [Request("draw", (x, rate, np.random.default_rng(seed))) for seed in range(32)]
    recorder.ask_all([*draws, *(Request("draw", (x, other, np.random.default_rng(0))) for other in (0.5, 0.75))])
    assert len(recorder.calls["draw"]) == DRAWS_LIMIT + 2
