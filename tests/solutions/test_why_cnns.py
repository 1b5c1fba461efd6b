"""The reference of exercise 0: it counts as Keras counts, and moves as its own definition says."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.inside.functions import FUNCTIONS
from tests.grading import COURSE
from tests.solutions.course_laws import laws_of

KEY = "00_why_cnns"
REFERENCE = COURSE.find(KEY).reference()


class TestLaws(laws_of(KEY)):
    pass


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


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
    padded = keras.layers.ZeroPadding2D(2).compute_output_shape((None, 9, 12, 1))
    expected = keras.layers.Conv2D(1, (2, 5), strides=(2, 1)).compute_output_shape(padded)[1:3]
    assert REFERENCE.conv_output_shape((9, 12), (2, 5), (2, 1), 2) == expected


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
def test_channels_and_pictures_move_on_their_own(shift):
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 3))
    y = REFERENCE.shift2d(x, *shift)
    for n, c in itertools.product(range(2), range(3)):
        np.testing.assert_array_equal(y[n, :, :, c], REFERENCE.shift2d_loops(x[n, :, :, c], *shift))
        np.testing.assert_array_equal(REFERENCE.shift2d(x[n], *shift), y[n])


def test_what_moves_with_the_image():
    x = np.zeros((10, 12))
    x[4, 5] = 1
    gaps = {name: REFERENCE.equivariance_gap(FUNCTIONS[name], x, 1, 0) for name in FUNCTIONS}
    assert gaps["square"] == gaps["blur"] == 0
    assert gaps["dense"] > 0.5
    assert gaps["halve"] == 1
    blocks = [REFERENCE.equivariance_gap(FUNCTIONS["halve"], np.pad(np.ones((2, 2)), 4), 0, dx) for dx in (0, 1, 2)]
    assert blocks[0] == 0


def test_an_unknown_padding():
    with pytest.raises(ValueError) as caught:
        REFERENCE.conv_output_shape((5, 5), 3, 1, "full")
    assert "padding is 'full', expected" in str(caught.value)
