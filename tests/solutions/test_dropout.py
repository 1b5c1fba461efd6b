"""The reference of exercise 3 and the checks around it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grading import COURSE
from tests.solutions.course_laws import laws_of

KEY = "03_dropout"
REFERENCE = COURSE.find(KEY).reference()
RATES = st.floats(0, 0.9)


class TestLaws(laws_of(KEY)):
    pass


def test_loops_and_vectorised_form_agree():
    x = np.random.default_rng(0).normal(size=(3, 4, 5))
    slow, slow_mask = REFERENCE.dropout_loops(x, 0.3, True, np.random.default_rng(7))
    fast, fast_mask = REFERENCE.dropout(x, 0.3, True, np.random.default_rng(7))
    np.testing.assert_allclose(fast, slow, rtol=1e-15)
    np.testing.assert_allclose(fast_mask, slow_mask, rtol=1e-15)


@given(st.integers(0, 2**32), RATES)
def test_backward_is_the_adjoint_of_forward(seed, rate):
    rng = np.random.default_rng(seed)
    x, dy = rng.normal(size=(2, 5, 3))
    y, mask = REFERENCE.dropout(x, rate, True, rng)
    np.testing.assert_allclose((y * dy).sum(), (x * REFERENCE.dropout_backward(dy, mask)).sum(), rtol=1e-9, atol=1e-9)


@given(RATES)
def test_moments_are_those_of_the_two_outcomes(rate):
    x = np.array([-3.0, 0.5, 6.0])
    on = x / (1 - rate)
    mean, variance = REFERENCE.dropout_moments(x, rate)
    np.testing.assert_allclose(mean, (1 - rate) * on, rtol=1e-12)
    np.testing.assert_allclose(variance, rate * mean**2 + (1 - rate) * (on - mean) ** 2, rtol=1e-9, atol=1e-12)


def test_moments_are_those_of_many_draws():
    x = np.array([2.0, -1.0, 6.0])
    y, _ = REFERENCE.dropout(np.tile(x, (200_000, 1)), 0.25, True, np.random.default_rng(0))
    mean, variance = REFERENCE.dropout_moments(x, 0.25)
    np.testing.assert_allclose(y.mean(axis=0), mean, rtol=0.02)
    np.testing.assert_allclose(y.var(axis=0), variance, rtol=0.02)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_input_is_kept(dtype):
    x = np.ones((4, 4), dtype)
    for array in (*REFERENCE.dropout(x, 0.3, True, np.random.default_rng(0)), *REFERENCE.dropout_moments(x, 0.3)):
        assert array.dtype == dtype


@pytest.mark.parametrize("rate", [1.0, 2, -0.5, float("nan")])
def test_an_invalid_rate(rate):
    with pytest.raises(ValueError) as caught:
        REFERENCE.dropout(np.ones(2), rate, True, np.random.default_rng(0))
    assert "expected a probability in [0, 1)" in str(caught.value)
