"""Programs with the same misconceptions by other authors are recognised by their answers, not by their code."""

import pytest

from tests.diagnosis.judging import diagnosis_of, names_of
from tests.diagnosis.learners import LEARNERS


@pytest.mark.parametrize(
    ("key", "function", "program", "misconceptions"), LEARNERS, ids=[f"{one[1]}-{one[2].__name__}" for one in LEARNERS]
)
def test_a_learners_own_program(key, function, program, misconceptions):
    """The order of several names is that of the exercise; it says nothing."""
    assert sorted(names_of(diagnosis_of(key, function, program))) == sorted(misconceptions)
