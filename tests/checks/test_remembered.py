"""The reference answers the same question once, and a check may do with the answer what it likes."""

from types import ModuleType

import numpy as np
import pytest

from grader.checks.remembered import ANSWERS_LIMIT, BYTES_LIMIT, Remembered, remembering


class Counted:
    """A function of arrays and numbers that counts its calls."""

    def __init__(self):
        self.calls = 0

    def __call__(self, x, factor=2, *, rng=None):
        self.calls += 1
        return x * factor, None if rng is None else rng.random()


@pytest.fixture
def counted():
    return Counted()


def test_the_same_question_is_computed_once(counted):
    asked = remembering(counted)
    for _ in range(3):
        result, _ = asked(np.arange(6.0).reshape(2, 3), 3)
        np.testing.assert_array_equal(result, [[0, 3, 6], [9, 12, 15]])
    assert counted.calls == 1


def test_a_check_that_writes_to_an_answer_changes_no_other(counted):
    asked = remembering(counted)
    asked(np.ones(2))[0][:] = 7
    np.testing.assert_array_equal(asked(np.ones(2))[0], [2, 2])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((np.ones(2), 1), (np.ones(2), 1.0)),
        ((np.ones(2), 1), (np.ones(2), True)),
        ((np.ones(2), 0.0), (np.ones(2), -0.0)),
        ((np.ones(2),), (np.ones(2, dtype=np.float32),)),
        ((np.ones(4),), (np.ones((2, 2)),)),
        ((np.ones((2, 3)),), (np.ones((2, 3), order="F"),)),
        ((np.ones(2), 2), (np.full(2, 2.0), 1)),
        ((np.ones(2), (1, 1)), (np.ones(2), [1, 1])),
    ],
)
def test_questions_that_only_look_alike_are_asked_apart(counted, one, other):
    def both(x, factor=2):
        counted.calls += 1
        return x, factor

    asked = remembering(both)
    asked(*one)
    asked(*other)
    assert counted.calls == 2


def test_a_name_belongs_to_the_question(counted):
    asked = remembering(counted)
    asked(np.ones(2), factor=3)
    asked(np.ones(2), 3)
    assert counted.calls == 2


def test_a_generator_advances_each_time(counted):
    asked, rng = remembering(counted), np.random.default_rng(1)
    assert asked(np.ones(2), rng=rng)[1] != asked(np.ones(2), rng=rng)[1]


def test_large_and_unknown_questions_are_not_kept(counted):
    asked = remembering(counted)
    for question in (np.ones(BYTES_LIMIT // 8 + 1), np.ones(2).view(np.recarray)):
        before = counted.calls
        asked(question)
        asked(question)
        assert counted.calls == before + 2


def test_an_error_is_raised_each_time():
    def refuses(x):
        raise ValueError(f"{x} is refused")

    asked = remembering(refuses)
    for _ in range(2):
        with pytest.raises(ValueError, match="3 is refused"):
            asked(3)


def test_the_memory_is_bounded(counted):
    asked = remembering(counted)
    for number in range(ANSWERS_LIMIT + 10):
        asked(number)
    asked(0)
    assert counted.calls == ANSWERS_LIMIT + 11


def test_other_attributes_are_those_of_the_module(counted):
    module = ModuleType("reference")
    module.double, module.SIZES, module.other = counted, (1, 2), len
    seen = Remembered(module, ["double", "missing"])
    assert seen.SIZES is module.SIZES
    assert seen.other is len
    assert seen.double.recomputing is counted
    with pytest.raises(AttributeError, match="missing"):
        seen.missing  # noqa: B018
