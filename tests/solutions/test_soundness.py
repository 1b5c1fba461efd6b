"""`grade course check` finds nothing wrong with our own course, one exercise at a time."""

import pytest

from grader.authoring.course_check import examine, examine_folders
from tests.grading import COURSE

LONG = frozenset(
    {"01_convolution", "02_pooling", "03_dropout", "04_batch_norm", "05_keras_cnn", "06_transfer_learning"}
)  # half a minute or more
ONLY_RAISE = {"01_convolution": 1}
"""Mistakes without a name: they raise wherever they are wrong, and others raise the same."""

EXERCISES = [pytest.param(one.key, marks=[pytest.mark.thorough] * (one.key in LONG), id=one.key) for one in COURSE]


def test_each_folder_belongs_to_an_exercise():
    assert examine_folders(COURSE) == ()


@pytest.mark.parametrize("key", EXERCISES)
def test_nothing_is_wrong(key):
    """If checks train, misconceptions are tested in the file of that exercise."""
    checkup = examine(COURSE.find(key))

    assert [str(fault) for fault in checkup.faults] == []
    if checkup.matrix is not None:
        matrix = checkup.matrix
        assert matrix.killed == matrix.named + matrix.without_answer == len(matrix.mistakes)
        assert matrix.without_answer == ONLY_RAISE.get(key, 0)
