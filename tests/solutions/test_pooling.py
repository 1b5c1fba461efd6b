"""The reference of exercise 2: its two forms agree and obey the laws of pooling; then the laws of all content."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grading import COURSE
from tests.solutions.course_laws import laws_of

KEY = "02_pooling"
REFERENCE = COURSE.find(KEY).reference()

PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))
CASES = st.tuples(
    st.tuples(st.integers(1, 2), st.integers(1, 8), st.integers(1, 8), st.integers(1, 3)),
    PAIRS,
    st.one_of(st.none(), PAIRS, st.integers(1, 3)),
    st.sampled_from(["valid", "same", 0]),
    st.integers(0, 2**32),
)


class TestLaws(laws_of(KEY)):
    pass


@settings(deadline=None)
@given(CASES)
def test_loops_and_vectorised_forms_agree(case):
    shape, size, stride, padding, seed = case
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    for name in ("max_pool2d", "avg_pool2d"):
        fast = getattr(REFERENCE, name)(x, size, stride, padding)
        np.testing.assert_allclose(fast, getattr(REFERENCE, f"{name}_loops")(x, size, stride, padding), atol=1e-12)
        dy = rng.normal(size=fast.shape)
        back = getattr(REFERENCE, f"{name}_backward")(dy, x, size, stride, padding)
        slow = getattr(REFERENCE, f"{name}_backward_loops")(dy, x, size, stride, padding)
        np.testing.assert_allclose(back, slow, atol=1e-12)


@settings(deadline=None)
@given(CASES)
def test_backward_of_the_average_is_its_adjoint(case):
    shape, size, stride, padding, seed = case
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    y = REFERENCE.avg_pool2d(x, size, stride, padding)
    dy = rng.normal(size=y.shape)
    dx = REFERENCE.avg_pool2d_backward(dy, x, size, stride, padding)
    np.testing.assert_allclose((dy * y).sum(), (dx * x).sum(), atol=1e-9)
    np.testing.assert_allclose(dx.sum(), dy.sum(), atol=1e-9)


@settings(deadline=None)
@given(CASES)
def test_backward_of_the_maximum_is_its_slope(case):
    shape, size, stride, padding, seed = case
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.prod(shape)).reshape(shape).astype(float)  # no ties, gaps of 1
    y = REFERENCE.max_pool2d(x, size, stride, padding)
    dy, nudge = rng.normal(size=y.shape), rng.uniform(-0.4, 0.4, size=shape)
    moved = REFERENCE.max_pool2d(x + nudge, size, stride, padding) - y
    dx = REFERENCE.max_pool2d_backward(dy, x, size, stride, padding)
    np.testing.assert_allclose((dy * moved).sum(), (dx * nudge).sum(), atol=1e-9)


def test_of_equal_maxima_the_first_takes_the_gradient():
    x = np.array([[7, 7], [1, 7.0]]).reshape(1, 2, 2, 1)
    dx = REFERENCE.max_pool2d_backward(np.full((1, 1, 1, 1), 10.0), x)
    assert dx[0, :, :, 0].tolist() == [[10, 0], [0, 0]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.zeros((2, 2)),), "expected (N, H, W, C)"),
        ((np.zeros((1, 2, 2, 1)), 0), "size is 0, expected at least 1"),
        ((np.zeros((1, 2, 2, 1)), 2, 0), "stride is 0, expected at least 1"),
        ((np.zeros((1, 2, 2, 1)), 2, 1, "full"), "padding is 'full', expected"),
        ((np.zeros((1, 2, 2, 1)), 2, 1, 2), "an int from 0 to 1"),
    ],
)
def test_invalid_arguments(arguments, words):
    with pytest.raises(ValueError) as caught:
        REFERENCE.max_pool2d(*arguments)
    assert words in str(caught.value)


def test_integers_and_single_precision():
    x = np.arange(16).reshape(1, 4, 4, 1)
    assert REFERENCE.max_pool2d(x, padding="same").dtype == x.dtype
    assert REFERENCE.max_pool2d(x.astype(np.float32)).dtype == np.float32
    assert REFERENCE.avg_pool2d(x.astype(np.float32)).dtype == np.float32
