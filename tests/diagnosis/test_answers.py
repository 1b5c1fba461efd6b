"""Answers of our own functions and of learners have one form, so that they can be compared."""

import numpy as np

from grader.diagnosis import Recorded
from grader.diagnosis.answers import Failed, answer_of, said
from grader.sandbox import Raised, Returned


def test_an_exception_of_numpy_counts_as_its_built_in_class():
    call = Recorded((np.ones((2, 3)),), {}, Returned(None), 6)
    theirs = Raised("AxisError", "axis 2 is out of bounds for array of dimension 2", base="ValueError")

    ours = answer_of(lambda x: x.mean(axis=2), call)

    assert ours == Failed("ValueError")
    assert ours.says_as(said(theirs))
