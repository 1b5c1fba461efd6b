"""The reference of exercise 1: its forms agree and obey the laws of convolution; then the laws of all content."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.checks.direct import DirectCaller
from grader.checks.session import CheckSession, RunContext
from tests.grading import COURSE
from tests.solutions.course_laws import laws_of

KEY = "01_convolution"
REFERENCE = COURSE.find(KEY).reference()

SMALL = st.integers(1, 3)
STRIDES = st.one_of(SMALL, st.tuples(SMALL, SMALL))
PADDINGS = st.sampled_from(["valid", "same", 0, 1, 3])
CASES = st.tuples(
    st.tuples(st.integers(1, 2), st.integers(1, 7), st.integers(1, 7), SMALL),
    st.tuples(st.integers(1, 4), st.integers(1, 4), SMALL),
    STRIDES,
    PADDINGS,
    st.integers(0, 2**32),
)
TIMED = ("test_fast_is_fast",)


class TestLaws(laws_of(KEY, timed=TIMED)):
    pass


def arrays(case):
    shape, (kh, kw, f), stride, padding, seed = case
    rng = np.random.default_rng(seed)
    return rng, rng.normal(size=shape), rng.normal(size=(kh, kw, shape[3], f)), rng.normal(size=f), stride, padding


@settings(deadline=None)
@given(CASES)
def test_all_forms_agree(case):
    rng, x, w, b, stride, padding = arrays(case)
    y = REFERENCE.conv2d_loops(x, w, b, stride, padding)
    np.testing.assert_allclose(REFERENCE.conv2d(x, w, b, stride, padding), y, atol=1e-10)
    np.testing.assert_allclose(REFERENCE.conv2d_fast(x, w, b, stride, padding), y, atol=1e-10)
    dy = rng.normal(size=y.shape)
    slow = REFERENCE.conv2d_backward_loops(dy, x, w, stride, padding)
    for one, other in zip(REFERENCE.conv2d_backward(dy, x, w, stride, padding), slow, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-10)


@settings(deadline=None)
@given(CASES)
def test_it_is_linear_in_the_image(case):
    rng, x, w, _, stride, padding = arrays(case)
    other, zero = rng.normal(size=x.shape), np.zeros(w.shape[3])

    def conv(image):
        return REFERENCE.conv2d(image, w, zero, stride, padding)

    np.testing.assert_allclose(conv(2 * x - 3 * other), 2 * conv(x) - 3 * conv(other), atol=1e-9)


@settings(deadline=None)
@given(CASES)
def test_backward_is_the_adjoint_of_forward(case):
    rng, x, w, b, stride, padding = arrays(case)
    y = REFERENCE.conv2d(x, w, 0 * b, stride, padding)
    dy = rng.normal(size=y.shape)
    dx, dw, db = REFERENCE.conv2d_backward(dy, x, w, stride, padding)
    np.testing.assert_allclose((dy * y).sum(), (dx * x).sum(), atol=1e-8)
    np.testing.assert_allclose((dy * y).sum(), (dw * w).sum(), atol=1e-8)
    np.testing.assert_allclose((dy * (y + b - y)).sum(), (db * b).sum(), atol=1e-8)


@settings(deadline=None)
@given(CASES, SMALL, SMALL)
def test_it_moves_with_the_image(case, down, right):
    _, x, w, b, stride, _ = arrays(case)
    (sh, sw) = stride if isinstance(stride, tuple) else (stride, stride)
    y = REFERENCE.conv2d(x, w, b, stride)
    assume(y.shape[1] and y.shape[2])
    moved = REFERENCE.conv2d(np.pad(x, ((0, 0), (down * sh, 0), (right * sw, 0), (0, 0))), w, b, stride)
    np.testing.assert_allclose(moved[:, down:, right:], y, atol=1e-10)


@settings(deadline=None)
@given(CASES)
def test_one_group_and_no_dilation_are_a_convolution(case):
    _, x, w, b, stride, padding = arrays(case)
    y = REFERENCE.conv2d(x, w, b, stride, padding)
    np.testing.assert_allclose(REFERENCE.conv2d_dilated(x, w, b, stride, padding, 1), y)
    np.testing.assert_allclose(REFERENCE.conv2d_grouped(x, w, b, stride, padding, 1), y)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": np.zeros((3, 3))}, "expected (N, H, W, C_in) and (KH, KW, C_in, C_out)"),
        ({"w": np.zeros((2, 2, 3, 1))}, "x has 1 channels and w expects 3"),
        ({"stride": 0}, "stride is 0, expected at least 1"),
        ({"padding": "full"}, "padding is 'full', expected"),
        ({"padding": -1}, "padding is -1, expected"),
    ],
)
def test_invalid_arguments(change, words):
    arguments = {"x": np.zeros((1, 3, 3, 1)), "w": np.zeros((2, 2, 1, 1)), "b": np.zeros(1), **change}
    with pytest.raises(ValueError) as caught:
        REFERENCE.conv2d(**arguments)
    assert words in str(caught.value)


def test_groups_that_do_not_divide():
    with pytest.raises(ValueError) as caught:
        REFERENCE.conv2d_grouped(np.zeros((1, 2, 2, 3)), np.zeros((1, 1, 1, 4)), np.zeros(4), groups=2)
    assert str(caught.value) == "groups is 2, expected a divisor of 3 channels and 4 filters"


def test_single_precision_is_kept():
    x, w, b = (np.ones(shape, np.float32) for shape in ((1, 4, 4, 2), (2, 2, 2, 3), (3,)))
    assert REFERENCE.conv2d(x, w, b).dtype == np.float32
    assert REFERENCE.conv2d_fast(x, w, b).dtype == np.float32


def test_the_message_about_a_slow_function_does_not_depend_on_how_often_it_was_timed(monkeypatch):
    """A busy machine needs more rounds, and each of them draws an image."""
    session = CheckSession(COURSE.find(KEY))
    slow = DirectCaller({**vars(REFERENCE), "conv2d_fast": REFERENCE.conv2d_loops})
    messages = []
    for rounds in (1, 4):
        monkeypatch.setattr("grader.checks.race.FEWEST_LOST", rounds)
        (outcome,) = session.run(RunContext(slow, 0, only=TIMED))
        messages.append(outcome.message)
    assert messages[0].startswith("conv2d_fast takes more than 25 times as long")
    assert messages[0] == messages[1]
