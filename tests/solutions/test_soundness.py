"""`grade course check` finds nothing wrong with our own course, one exercise at a time."""

import pytest

from grader.authoring.course_check import examine, examine_folders
from tests.grading import COURSE

LONG = {"01_convolution", "05_keras_cnn", "06_transfer_learning"}  # 40, 10 and 20 seconds
NOT_ALL_NAMED = pytest.mark.xfail(
    reason="34 of 412 wrong programs of exercise 1 are not named yet: most of them only raise", strict=True
)


def marks_of(key):
    return [pytest.mark.thorough] * (key in LONG) + [NOT_ALL_NAMED] * (key == "01_convolution")


EXERCISES = [pytest.param(one.key, marks=marks_of(one.key), id=one.key) for one in COURSE]


def test_each_folder_belongs_to_an_exercise():
    assert examine_folders(COURSE) == ()


@pytest.mark.parametrize("key", EXERCISES)
def test_nothing_is_wrong(key):
    """If checks train, misconceptions are tested in the file of that exercise."""
    checkup = examine(COURSE.find(key))

    assert [str(fault) for fault in checkup.faults] == []
    if checkup.matrix is not None:
        assert checkup.matrix.killed == checkup.matrix.named == len(checkup.matrix.mistakes)
