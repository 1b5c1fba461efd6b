"""A report contains no memory address: the same submission gives the same bytes in every process."""

import re

from grader.grading import Worker
from grader.report import to_json
from grader.submission import SourceFile, Submission
from tests.grading import COURSE

SOURCE = """
def dropout(x, rate, training, rng):
    print(dropout, object(), (part for part in x))
    raise ValueError(f"no {dropout} of {object()}")


def dropout_backward(dy, mask):
    return dropout


def dropout_moments(x, rate):
    return f"{object()}", object()
"""
ADDRESS = re.compile("0x[0-9a-f]{6,}")


def graded():
    exercise = COURSE.find("dropout")
    submission = Submission("ada", exercise.key, (SourceFile("dropout.py", SOURCE),), "a" * 64)
    with Worker(exercise) as worker:
        return worker.grade(submission, 0)


def test_two_processes_give_the_same_report_of_a_file_that_shows_objects():
    first, second = graded(), graded()
    assert first.sha256 == second.sha256
    assert not ADDRESS.search(to_json(first))
    assert "<function dropout> <object object> <generator object" in first.output.stdout
    messages = [check.message for criterion in first.criteria for check in criterion.checks]
    assert any("no <function dropout> of <object object>" in message for message in messages)
