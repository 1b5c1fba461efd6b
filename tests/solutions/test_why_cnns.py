"""The reference of exercise 0: it counts like Keras and shifts as defined."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inside.functions import FUNCTIONS
from tests.grading import COURSE
from tests.needs import needs
from tests.solutions.course_laws import laws_of

KEY = "00_why_cnns"
REFERENCE = COURSE.find(KEY).reference()


class TestLaws(laws_of(KEY)):
    pass


@pytest.fixture(scope="module")
def keras():
    return needs("keras", "the oracle of shapes and parameters")


def test_it_counts_as_keras_counts(keras):
    for n_in, n_out, bias in itertools.product((1, 4, 300), (1, 7), (True, False)):
        model = keras.Sequential([keras.Input((n_in,)), keras.layers.Dense(n_out, use_bias=bias)])
        assert model.count_params() == REFERENCE.dense_params(n_in, n_out, bias)
    for kernel, c_in, c_out, bias in itertools.product((1, 3, (2, 5)), (1, 3), (1, 32), (True, False)):
        model = keras.Sequential([keras.Input((9, 9, c_in)), keras.layers.Conv2D(c_out, kernel, use_bias=bias)])
        assert model.count_params() == REFERENCE.conv_params(kernel, c_in, c_out, bias)


def test_its_shapes_are_those_of_keras(keras):
    for hw, kernel, stride, padding in itertools.product(
        ((9, 12), (28, 31), (5, 7)), (1, 3, (2, 5), (4, 3)), (1, 2, (2, 1), (3, 2)), ("valid", "same")
    ):
        layer = keras.layers.Conv2D(1, kernel, strides=stride, padding=padding)
        expected = layer.compute_output_shape((None, *hw, 1))[1:3]
        assert REFERENCE.conv_output_shape(hw, kernel, stride, padding) == expected
    for hw, kernel, stride, padding in itertools.product(
        ((9, 12), (5, 7)), (1, 3, (2, 5)), (1, (2, 1), (3, 2)), (0, 1, 2)
    ):
        padded = keras.layers.ZeroPadding2D(padding).compute_output_shape((None, *hw, 1))
        expected = keras.layers.Conv2D(1, kernel, strides=stride).compute_output_shape(padded)[1:3]
        assert REFERENCE.conv_output_shape(hw, kernel, stride, padding) == expected


def test_the_numbers_of_the_course():
    assert 100 * 100 == 10_000
    assert 100 * 100 * 3 == 30_000
    assert REFERENCE.dense_params(30_000, 1_000, bias=False) == 30_000_000
    assert REFERENCE.conv_params(3, 3, 32) == 896


SHIFTS = st.tuples(st.integers(-9, 9), st.integers(-9, 9))


@given(st.tuples(st.integers(1, 7), st.integers(1, 7)), SHIFTS, st.integers(0, 2**32))
def test_loops_and_vectorised_form_agree(shape, shift, seed):
    x = np.random.default_rng(seed).normal(size=shape)
    np.testing.assert_array_equal(REFERENCE.shift2d(x, *shift), REFERENCE.shift2d_loops(x, *shift))


@given(SHIFTS)
def test_channels_and_pictures_move_separately(shift):
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 3))
    y = REFERENCE.shift2d(x, *shift)
    for n, c in itertools.product(range(2), range(3)):
        np.testing.assert_array_equal(y[n, :, :, c], REFERENCE.shift2d_loops(x[n, :, :, c], *shift))
        np.testing.assert_array_equal(REFERENCE.shift2d(x[n], *shift), y[n])


def gap(name, x, dy, dx):
    return REFERENCE.equivariance_gap(FUNCTIONS[name], x, dy, dx)


NEAR = st.tuples(st.integers(-3, 3), st.integers(-3, 3))
SHAPES = st.sampled_from([(11, 12), (11, 12, 3), (2, 11, 12, 3)])


def surrounded(shape, seed):
    """Return noise with zeros around it: after a move by 3, a kernel of 3 x 3 still does not reach the border."""
    rows = 0 if len(shape) == 2 else len(shape) - 3
    pads = [(4, 4) if axis in (rows, rows + 1) else (0, 0) for axis in range(len(shape))]
    inner = [n - before - after for n, (before, after) in zip(shape, pads, strict=True)]
    return np.pad(np.random.default_rng(seed).normal(size=inner), pads)


@given(SHAPES, NEAR, st.integers(0, 2**32))
def test_a_convolution_moves_with_the_image(shape, shift, seed):
    assert gap("blur", surrounded(shape, seed), *shift) < 1e-14
    assert gap("square", surrounded(shape, seed), *shift) == 0


@given(SHAPES, NEAR.filter(any), st.integers(0, 2**32))
def test_a_dense_layer_does_not_move_with_the_image(shape, shift, seed):
    assert gap("dense", surrounded(shape, seed), *shift) > 0.1


def test_at_the_border_a_convolution_does_not_move_with_the_image():
    x = np.ones((5, 6))
    assert gap("blur", x, 1, 0) > 0.1
    assert gap("blur", x, 0, 0) == 0


def test_pooling_forgives_some_shifts():
    """A pixel in the upper row of its block may move down by one and the map stays; in the lower row it may not."""
    pool = FUNCTIONS["halve"]
    upper, lower = np.zeros((10, 12)), np.zeros((10, 12))
    upper[4, 5] = lower[5, 5] = 1

    def moved(x, dy):
        return pool(REFERENCE.shift2d(x, dy, 0))

    np.testing.assert_array_equal(moved(upper, 1), pool(upper))
    np.testing.assert_array_equal(moved(lower, 1), REFERENCE.shift2d(pool(lower), 1, 0))
    for x in (upper, lower):
        np.testing.assert_array_equal(moved(x, 2), REFERENCE.shift2d(pool(x), 1, 0))
    assert [gap("halve", upper, dy, 0) for dy in (-2, -1, 0, 1, 2)] == [1, 0, 0, 1, 1]
    assert [gap("halve", lower, dy, 0) for dy in (-2, -1, 0, 1, 2)] == [1, 1, 0, 0, 1]


def test_an_unknown_padding():
    with pytest.raises(ValueError) as caught:
        REFERENCE.conv_output_shape((5, 5), 3, 1, "full")
    assert "padding is 'full', expected" in str(caught.value)
