"""Many calls in one frame: each is answered, limited and stopped on its own."""

from dataclasses import replace

import numpy as np
import pytest

from grader.sandbox import Reason, Request, Returned, Stopped

from .conftest import LIMITS

PROGRAM = """
import os
import time

seen = []

def act(what):
    seen.append(what)
    if what == "raise":
        raise ValueError("no")
    if what == "hang":
        while True:
            pass
    if what == "exit":
        os._exit(3)
    if what == "print":
        print("x" * 500_000)
    if what == "nap":
        time.sleep(0.4)
    return what

def calls():
    return len(seen)

def spoil(x):
    x[0] += 1
    return x.sum()

def forge(number):
    os.write(3, b"CNG1" + bytes(12))
"""


def requests(*words, function="act"):
    return [Request(function, (word,)) for word in words]


def test_each_call_is_answered_in_order(zygote, run):
    sandboxed = run(zygote, PROGRAM)
    answers = sandboxed.ask_all(requests("a", "raise", "b"))
    assert [getattr(one, "value", getattr(one, "kind", None)) for one in answers] == ["a", "ValueError", "b"]
    assert sandboxed.call("calls").value == 3


def test_no_calls_have_no_answers(zygote, run):
    assert run(zygote, PROGRAM).ask_all([]) == []


@pytest.mark.parametrize(("word", "reason"), [("hang", Reason.TIMED_OUT), ("exit", Reason.EXITED)])
def test_a_stop_ends_its_call_and_all_later_ones(zygote, run, word, reason):
    sandboxed = run(zygote, PROGRAM, replace(LIMITS, call_seconds=0.5))
    answers = sandboxed.ask_all(requests("a", "b", word, "c"))
    assert answers[:2] == [Returned("a"), Returned("b")]
    assert [one.reason for one in answers[2:]] == [reason]
    assert sandboxed.ask_all(requests("d", "e")) == [Returned("d"), Returned("e")]  # by a fresh child


def test_the_time_of_a_call_is_its_own(zygote, run):
    sandboxed = run(zygote, PROGRAM, replace(LIMITS, call_seconds=0.7))
    answers = sandboxed.ask_all(requests("nap", "a", "nap", "nap"))
    assert all(isinstance(one, Returned) for one in answers)
    assert [one.seconds > 0.3 for one in answers] == [True, False, True, True]


def test_prints_between_the_answers_block_nothing(zygote, run):
    assert len(run(zygote, PROGRAM).ask_all(requests(*["print"] * 20))) == 20


def test_calls_share_no_argument(zygote, run):
    x = np.zeros(3)
    answers = run(zygote, PROGRAM).ask_all([Request("spoil", (x,)), Request("spoil", (x,))])
    assert [one.value for one in answers] == [1.0, 1.0]
    assert x[0] == 0


def test_large_arguments_and_answers_cross(zygote, run):
    sandboxed = run(zygote, "def double(x):\n    return x * 2\n")
    arrays = [np.full((400, 400), float(i)) for i in range(20)]
    answers = sandboxed.ask_all([Request("double", (x,)) for x in arrays])
    assert all(np.array_equal(one.value, 2 * x) for one, x in zip(answers, arrays, strict=True))


def test_a_function_that_is_not_defined_is_not_called(zygote, run):
    program = PROGRAM + "\ndef missing(): ...\ndel missing\n"
    answers = run(zygote, program).ask_all([*requests("a"), Request("missing", ()), *requests("b")])
    assert answers[0] == Returned("a")
    assert answers[1].reason is Reason.NOT_DEFINED
    assert answers[2] == Returned("b")


def test_after_too_many_stops_nothing_is_called(zygote, run):
    sandboxed = run(zygote, PROGRAM, replace(LIMITS, call_seconds=0.2))
    for _ in range(LIMITS.stops_per_function):
        sandboxed.ask_all(requests("hang", "a"))
    answers = sandboxed.ask_all(requests("a", "b"))
    assert len(answers) == 1
    assert isinstance(answers[0], Stopped)
    assert "2 times already" in answers[0].detail


def test_bytes_that_are_not_an_answer_stop_the_call(zygote, run):
    answers = run(zygote, PROGRAM).ask_all(requests(1, 2, 3, function="forge"))
    assert [one.reason for one in answers] == [Reason.INVALID_ANSWER]


def test_the_time_of_the_whole_submission_holds_inside_a_frame(zygote, run):
    sandboxed = run(zygote, PROGRAM, replace(LIMITS, call_seconds=1.0, submission_seconds=1.0))
    answers = sandboxed.ask_all(requests(*["nap"] * 20))
    assert len(answers) < 8
    assert answers[-1].reason is Reason.OVER_BUDGET
    assert sandboxed.ask_all(requests("a"))[0].reason is Reason.OVER_BUDGET
