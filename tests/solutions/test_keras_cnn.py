"""Exercise 5: the reference, other right networks, and the misconceptions."""

import numpy as np
import pytest

from grader.authoring.course_check import examine
from tests.grading import COURSE, grader_faults, reference_functions
from tests.needs import needs_installed

needs_installed("tensorflow", "the networks of exercises 5 and 6")
KEY = "05_keras_cnn"


@pytest.mark.thorough
def test_the_assessment_is_sound():
    """Right networks earn all points; each misconception costs its points and is diagnosed as itself alone."""
    longest = {"test_knows_held_out_images"}  # `grade course check --thorough` tries it too
    checkup = examine(COURSE.find(KEY), seeds=(1,), thorough=True, left_out=longest)
    assert [str(fault) for fault in checkup.faults] == []
    assert checkup.matrix.killed == checkup.matrix.named == len(checkup.matrix.mistakes) == 46


@pytest.mark.parametrize("value", [None, 3, "model", np.zeros((2, 2)), {"loss": 1}, [1, 2, 3]])
def test_no_check_stumbles_over_a_weird_answer(value):
    weird = dict.fromkeys(reference_functions(KEY), lambda *_, **__: value)
    assert grader_faults(KEY, weird) == []
