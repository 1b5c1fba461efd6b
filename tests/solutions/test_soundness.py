"""`grade course check` finds nothing wrong with our own course, one exercise at a time."""

import pytest

from grader.batch.doctor import examine, examine_folders
from tests.grading import COURSE


def test_each_folder_belongs_to_an_exercise():
    assert examine_folders(COURSE) == ()


@pytest.mark.parametrize("key", [exercise.key for exercise in COURSE])
def test_nothing_is_wrong(key):
    """Where checks train, misconceptions are tried in the file of that exercise, with `make thorough`."""
    checkup = examine(COURSE.find(key))

    assert [str(fault) for fault in checkup.faults] == []
    if checkup.matrix is not None:
        assert checkup.matrix.killed == checkup.matrix.named == len(checkup.matrix.mistakes)
