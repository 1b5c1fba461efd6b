"""The kernel counts the processor time of a call. A learner's code cannot make it smaller."""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux names the sender of a message")

PROGRAM = """
import time

def spin(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass

def nap(seconds):
    time.sleep(seconds)

def lie(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    time.process_time = time.thread_time = time.perf_counter = time.clock_gettime = lambda *clock: 0.0
"""


def test_work_counts_and_waiting_does_not(zygote, run):
    sandboxed = run(zygote, PROGRAM)

    assert 0.05 < sandboxed.call("spin", (0.05,)).processor_seconds < 0.15
    napped = sandboxed.call("nap", (0.2,))
    assert napped.seconds > 0.19
    assert napped.processor_seconds < 0.1


def test_each_call_counts_for_itself(zygote, run):
    sandboxed = run(zygote, PROGRAM)
    sandboxed.call("spin", (0.2,))

    assert sandboxed.call("nap", (0.0,)).processor_seconds < 0.1


def test_a_learners_clock_changes_nothing(zygote, run):
    assert run(zygote, PROGRAM).call("lie", (0.05,)).processor_seconds > 0.05


def test_the_time_of_a_replaced_child_is_its_own(zygote, run):
    sandboxed = run(zygote, PROGRAM + "\nimport os\n\ndef leave():\n    os._exit(1)\n")
    sandboxed.call("spin", (0.2,))
    sandboxed.call("leave")

    assert 0.0 < sandboxed.call("nap", (0.0,)).processor_seconds < 0.1
