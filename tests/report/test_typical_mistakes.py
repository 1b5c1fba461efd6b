"""The first screen names the cause: 24 lines of 80 columns, the last one for the prompt."""

import hashlib
from functools import cache

import pytest

from grader.grading.worker import Worker
from grader.report import render_terminal, with_timings
from grader.submission import SourceFile, Submission
from tests.grading import COURSE
from tests.report.typical_mistakes import MISTAKES

SCREEN = 23
SEE = "See what your network does: grade exercise 5 --see"


@cache
def worker(key):
    return Worker(COURSE.find(key))


@pytest.fixture(scope="module", autouse=True)
def _close_workers():
    yield
    for key in {one.exercise for one in MISTAKES.values()}:
        worker(key).close()
    worker.cache_clear()


@cache
def report_of(name):
    mistake = MISTAKES[name]
    file = SourceFile(f"{COURSE.find(mistake.exercise).rubric.module}.py", mistake.text)
    digest = hashlib.sha256(mistake.text.encode()).hexdigest()
    return with_timings(worker(mistake.exercise).grade(Submission("ada", mistake.exercise, (file,), digest), 0), None)


@pytest.mark.parametrize("name", MISTAKES)
def test_the_first_screen_names_the_cause_before_everything_else(name):
    text = render_terminal(report_of(name), width=80, colour=False, see=SEE)

    assert len(text.splitlines()) <= SCREEN
    flat = " ".join(text.replace("│", "").split())
    assert [words for words in MISTAKES[name].words if words not in flat] == []

    too_small = render_terminal(report_of(name), width=60, colour=False, height=12)
    assert too_small.split("\n\n")[1].startswith(("Start here: ", "Your file could not run"))  # below the score


def test_a_picture_stands_beside_the_smallest_input():
    text = render_terminal(report_of("a bias that is forgotten in conv2d_step"), width=80, colour=False)

    assert (
        "         The smallest input found on which it fails:\n"
        "         │ patch   w       b     your y   expected\n"
        "         │ 6  8    4  5    40    185!     225\n"
        "         │ 9  7    8  7\n"
        "         Next: What does an image of zeros give?\n"
    ) in text


def test_two_shapes_stand_under_each_other_with_the_names_of_their_axes():
    text = render_terminal(report_of("results in the wrong order"), width=80, colour=False)

    assert (
        "         │ shape of dx  N  H  W  C\n"
        "         │ yours        2  2  1  1\n"
        "         │ expected     1  3  3  1\n"
        "         │              !  !  !\n"
    ) in text


def test_a_right_number_is_shown_for_the_smallest_input_only():
    """For any other input a learner would read the answers of a check."""
    for name in MISTAKES:
        checks = [check for one in report_of(name).criteria for check in one.checks if check.example is not None]
        assert all(
            check.example.seen or not (check.example.expected and check.example.expected.rows) for check in checks
        )
