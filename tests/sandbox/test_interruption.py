"""A run that is no longer wanted ends at once, and the same zygote and worker serve the next one."""

import threading
import time

import pytest

from grader.grading.worker import Worker
from grader.sandbox import InterruptedRunError, Interruption, Isolation
from grader.submission import SourceFile, Submission
from tests.grading import COURSE

EXERCISE = COURSE.find("03_dropout")
RIGHT = EXERCISE.reference_path.read_text(encoding="utf-8")


def submission_of(text):
    return Submission("ada", EXERCISE.key, (SourceFile("dropout.py", text),), "0" * 64)


@pytest.fixture
def interruption():
    interruption = Interruption()
    yield interruption
    interruption.close()


@pytest.fixture
def worker(interruption):
    with Worker(EXERCISE, Isolation.PROCESS, interruption=interruption) as worker:
        yield worker


@pytest.mark.parametrize(
    "endless",
    [
        "while True: pass\n",
        "def dropout(*a):\n    while True: pass\n",
        "import time\ndef dropout(*a): time.sleep(60)\n",
    ],
    ids=["at import", "in a call", "asleep"],
)
def test_an_endless_program_is_interrupted_and_the_next_one_is_graded(worker, interruption, endless):
    timer = threading.Timer(0.3, interruption.set)
    timer.start()
    started = time.monotonic()

    with pytest.raises(InterruptedRunError):
        worker.grade(submission_of(endless), 0)

    assert time.monotonic() - started < 4  # a call alone may take five seconds
    interruption.clear()
    assert worker.grade(submission_of(RIGHT), 0).score.earned == 8


def test_while_it_is_set_nothing_is_graded(worker, interruption):
    interruption.set()

    for _ in range(3):
        with pytest.raises(InterruptedRunError):
            worker.grade(submission_of(RIGHT), 0)


def test_an_interrupted_run_leaves_no_descriptor_open(worker, interruption):
    import os

    def interrupted():
        interruption.set()
        with pytest.raises(InterruptedRunError):
            worker.grade(submission_of(RIGHT), 0)
        interruption.clear()

    interrupted()
    worker.grade(submission_of(RIGHT), 0)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        interrupted()
        worker.grade(submission_of(RIGHT), 0)

    assert len(os.listdir("/proc/self/fd")) <= before
