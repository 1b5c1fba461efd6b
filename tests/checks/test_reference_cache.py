"""The reference computes equal calls once, and a check may do with the result what it likes."""

from types import ModuleType

import numpy as np
import pytest

from grader.checks.reference_cache import ARRAY_BYTES_LIMIT, RESULTS_LIMIT, CachedReference, cached


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


def test_equal_calls_are_computed_once(counted):
    double = cached(counted)
    for _ in range(3):
        result, _ = double(np.arange(6.0).reshape(2, 3), 3)
        np.testing.assert_array_equal(result, [[0, 3, 6], [9, 12, 15]])
    assert counted.calls == 1


def test_a_check_that_writes_to_a_result_changes_no_other(counted):
    double = cached(counted)
    double(np.ones(2))[0][:] = 7
    np.testing.assert_array_equal(double(np.ones(2))[0], [2, 2])


def test_a_result_that_is_an_argument_is_copied_too():
    same, x = cached(lambda x: x), np.ones(2)
    same(x)
    x[:] = 7
    np.testing.assert_array_equal(same(np.ones(2)), [1, 1])


@pytest.mark.parametrize("result", [[1], {"a": 1}, object()])
def test_a_result_that_cannot_be_copied_is_computed_each_time(counted, result):
    def returns(x):
        counted.calls += 1
        return result

    function = cached(returns)
    assert function(1) is result
    assert function(1) is result
    assert counted.calls == 2


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
def test_calls_that_only_look_alike_are_computed_apart(counted, one, other):
    def both(x, factor=2):
        counted.calls += 1
        return x

    first = cached(both)
    first(*one)
    first(*other)
    assert counted.calls == 2


def test_a_named_argument_belongs_to_the_call(counted):
    double = cached(counted)
    double(np.ones(2), factor=3)
    double(np.ones(2), 3)
    assert counted.calls == 2


def test_a_generator_advances_each_time(counted):
    double, rng = cached(counted), np.random.default_rng(1)
    assert double(np.ones(2), rng=rng)[1] != double(np.ones(2), rng=rng)[1]


def test_calls_with_large_and_unknown_arguments_are_computed_each_time(counted):
    double = cached(counted)
    for x in (np.ones(ARRAY_BYTES_LIMIT // 8 + 1), np.ones(2).view(np.recarray)):
        before = counted.calls
        double(x)
        double(x)
        assert counted.calls == before + 2


def test_an_error_is_raised_each_time():
    def refuses(x):
        raise ValueError(f"{x} is refused")

    double = cached(refuses)
    for _ in range(2):
        with pytest.raises(ValueError, match="3 is refused"):
            double(3)


def test_the_number_of_results_is_bounded(counted):
    double = cached(counted)
    for number in range(RESULTS_LIMIT + 10):
        double(number)
    double(0)
    assert counted.calls == RESULTS_LIMIT + 11


def test_other_attributes_are_those_of_the_module(counted):
    module = ModuleType("reference")
    module.double, module.SIZES, module.other = counted, (1, 2), len
    seen = CachedReference(module, ["double", "missing"])
    assert seen.SIZES is module.SIZES
    assert seen.other is len
    assert seen.double.uncached is counted
    with pytest.raises(AttributeError, match="missing"):
        seen.missing  # noqa: B018
