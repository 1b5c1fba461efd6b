"""The limit of a call does not count the time in which neither the child nor the grader got a processor."""

import itertools
import os
import time

import pytest

from grader.sandbox import Reason, Returned, Stopped, connection
from grader.sandbox.connection import seconds_in_queue

from .test_sandboxed import call

SLOW = "import time\ndef f():\n    time.sleep(1.5)\n    return 7\n"  # the limit of a call is 1 second


def test_a_call_gets_the_time_in_which_others_ran(zygote, run, monkeypatch):
    waited = itertools.chain([0.0], itertools.repeat(2.0))  # of the grader when the child starts; of both, later
    monkeypatch.setattr(connection, "seconds_in_queue", lambda pid: next(waited))
    answer = call(run(zygote, SLOW), "f")
    assert isinstance(answer, Returned)
    assert answer.value == 7


def test_the_time_in_which_others_ran_counts_once(zygote, run, monkeypatch):
    waited = itertools.chain([0.0], itertools.repeat(0.1))
    monkeypatch.setattr(connection, "seconds_in_queue", lambda pid: next(waited))
    assert call(run(zygote, SLOW), "f") == Stopped(Reason.TIMED_OUT, "f took longer than 1 seconds and was stopped")


def test_a_process_that_competes_waits_in_the_queue():
    if not seconds_in_queue(os.getpid()):
        pytest.skip("this kernel does not say how long a process has waited for a processor")
    allowed = os.sched_getaffinity(0)
    before = seconds_in_queue(os.getpid())
    try:
        os.sched_setaffinity(0, {min(allowed)})
        child = os.fork()  # a competitor on the same processor
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            pass
        if not child:
            os._exit(0)
        os.waitpid(child, 0)
    finally:
        os.sched_setaffinity(0, allowed)
    assert seconds_in_queue(os.getpid()) - before > 0.1


def test_a_process_that_does_not_exist_has_not_waited():
    assert seconds_in_queue(2**22 + 1) == 0.0
