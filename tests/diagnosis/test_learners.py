"""Programs of the same beliefs that somebody else wrote are recognised: by what they do, not by how."""

import pytest

from tests.diagnosis.judging import diagnosis_of, names_of
from tests.diagnosis.learners import LEARNERS


@pytest.mark.parametrize(
    ("key", "function", "program", "beliefs"), LEARNERS, ids=[f"{one[1]}-{one[2].__name__}" for one in LEARNERS]
)
def test_a_learners_own_program(key, function, program, beliefs):
    assert names_of(diagnosis_of(key, function, program)) == beliefs
