"""Hidden checks of exercise 0. Sizes differ in every pair, so that a swapped axis is visible."""

import numpy as np
import pytest

from grader.checks import assert_close, assert_inputs_unchanged, assert_that
from grader.sandbox.inside.functions import FUNCTIONS

PICTURE = np.array([[1, 2], [3, 4.0]])
OF_ARGUMENTS = "it tests the arguments after the call; other checks of its criterion test the result"


def several(rng, low, high, count):
    """Return Python integers from low to high - 1."""
    return [int(n) for n in rng.integers(low, high, size=count)]


def assert_count(got, expected, because=""):
    number = int(got) if float(got).is_integer() else got
    assert_that(got == expected, got, f"{number} is not the number of weights and biases", "", because)


def assert_pair(got, expected, because=""):
    rows, columns = got
    for one, wanted in ((rows, expected[0]), (columns, expected[1])):
        number = int(one) if float(one).is_integer() else one
        assert_that(one == wanted, one, f"the number of {one.name} is {number}, which is wrong", "", because)


# ---------------------------------------------------------------------------------------------- dense_params


@pytest.mark.criterion("dense-weights")
def test_dense_by_hand(submission, reference, rng):
    """Counts weights and biases of a small layer."""
    assert_count(submission.dense_params(4, 3), 15, because="15 = 4 * 3 weights + 3 biases")
    n_in, n_out = several(rng, 2, 500, 2)
    assert_count(submission.dense_params(n_in, n_out), reference.dense_params(n_in, n_out))


@pytest.mark.criterion("dense-weights")
def test_dense_of_photos(submission, reference, rng):
    """Counts weights and biases of a layer on a photo."""
    assert_count(
        submission.dense_params(30_000, 1_000), 30_001_000, because="100 x 100 pixels in colour are 30,000 inputs"
    )
    for _ in range(4):
        n_in, n_out = several(rng, 2, 5_000, 2)
        assert_count(submission.dense_params(n_in, n_out), reference.dense_params(n_in, n_out))


@pytest.mark.criterion("dense-weights")
def test_dense_without_bias(submission, reference, rng):
    """Leaves out the biases if bias is False."""
    assert_count(submission.dense_params(4, 3, False), 12, because="12 = 4 * 3 weights, and no biases")
    assert_count(submission.dense_params(10_000, 1_000, False), 10_000_000)
    n_in, n_out = several(rng, 2, 5_000, 2)
    assert_count(submission.dense_params(n_in, n_out, bias=False), reference.dense_params(n_in, n_out, bias=False))


# ----------------------------------------------------------------------------------------------- conv_params


@pytest.mark.criterion("conv-weights")
def test_conv_weights(submission, reference, rng):
    """Counts the weights of filters that cover all channels."""
    assert_count(
        submission.conv_params(3, 3, 1, bias=False), 27, because="one filter sees 3 x 3 pixels of 3 channels each"
    )
    for _ in range(4):
        k, c_in, c_out = several(rng, 2, 12, 3)
        assert_count(
            submission.conv_params(k, c_in, c_out + c_in, bias=False),
            reference.conv_params(k, c_in, c_out + c_in, bias=False),
        )


@pytest.mark.criterion("conv-weights")
def test_conv_kernel_pairs(submission, reference, rng):
    """Counts the weights of kernels that are not square."""
    assert_count(submission.conv_params((1, 5), 1, 1, bias=False), 5, because="a kernel of 1 x 5 covers 5 pixels")
    for kernel in ((5, 1), (2, 3), (7, 4)):
        c_in, c_out = several(rng, 2, 60, 2)
        got = submission.conv_params(kernel, c_in, c_out, bias=False)
        assert_count(got, reference.conv_params(kernel, c_in, c_out, bias=False))


@pytest.mark.criterion("conv-biases")
def test_conv_biases(submission, rng):
    """Adds one bias per feature map, and none if bias is False."""
    for k, c_in, c_out in ((3, 3, 32), (1, 1, 2), (5, 8, 16), (*several(rng, 2, 12, 2), *several(rng, 40, 400, 1))):
        got = submission.conv_params(k, c_in, c_out)
        weights = submission.conv_params(k, c_in, c_out, bias=False)
        added = float(got) - float(weights)
        assert_that(
            added == c_out,
            got,
            f"bias=True adds {added:g} to the count",
            f"{c_out}: one per feature map",
        )


# ----------------------------------------------------------------------------------------- conv_output_shape


@pytest.mark.criterion("shape-valid")
def test_shape_by_hand(submission, reference, rng):
    """Counts the positions where a window can start."""
    assert_pair(
        submission.conv_output_shape((5, 7), 3), (3, 5), because="on 5 pixels a window of 3 starts at 0, 1 and 2"
    )
    assert_pair(submission.conv_output_shape((100, 100), 3), (98, 98))
    hw, (k,) = tuple(several(rng, 10, 300, 2)), several(rng, 2, 9, 1)
    assert_pair(submission.conv_output_shape(hw, k), reference.conv_output_shape(hw, k))


@pytest.mark.criterion("shape-valid")
def test_shape_strides(submission, reference, rng):
    """Moves the window by the stride, and leaves out windows that do not fit entirely."""
    assert_pair(
        submission.conv_output_shape((6, 6), 3, 2),
        (2, 2),
        because="on 6 pixels a window of 3 with stride 2 starts at 0 and 2",
    )
    drawn = [(tuple(several(rng, 20, 300, 2)), k, s) for k, s in ((5, 4), (3, 2))]
    for hw, k, s in (((9, 12), 3, 2), ((28, 31), 5, 3), ((7, 6), 2, 2), ((10, 11), 3, 3), *drawn):
        assert_pair(submission.conv_output_shape(hw, k, s), reference.conv_output_shape(hw, k, s))


@pytest.mark.criterion("shape-valid")
def test_shape_of_pairs(submission, reference, rng):
    """Takes the first number of a kernel or stride for rows and the second for columns."""
    drawn = (tuple(several(rng, 20, 300, 2)), (4, 7), (3, 2))
    for hw, k, s in (((9, 9), 3, (2, 1)), ((5, 5), (3, 1), 1), ((12, 9), (2, 5), (1, 3)), drawn):
        assert_pair(submission.conv_output_shape(hw, k, s), reference.conv_output_shape(hw, k, s))


@pytest.mark.criterion("shape-padding")
def test_shape_same(submission, reference, rng):
    """Counts one window per stride step with padding "same"."""
    assert_pair(
        submission.conv_output_shape((5, 7), 5, 2, "same"),
        (3, 4),
        because="on 5 pixels with stride 2, windows start at 0, 2 and 4",
    )
    drawn = [(tuple(several(rng, 20, 300, 2)), k, s) for k, s in ((3, 1), (4, 3), ((2, 3), (2, 1)))]
    for hw, k, s in (((6, 9), 3, 1), ((6, 9), 4, 2), ((28, 31), 5, 3), ((10, 7), (2, 3), (2, 1)), *drawn):
        assert_pair(submission.conv_output_shape(hw, k, s, "same"), reference.conv_output_shape(hw, k, s, "same"))


@pytest.mark.criterion("shape-padding")
def test_shape_integer_padding(submission, reference, rng):
    """Counts the zeros of an integer padding on both sides."""
    assert_pair(
        submission.conv_output_shape((5, 7), 3, 1, 1), (5, 7), because="one zero on each side turns 5 pixels into 7"
    )
    drawn = [(tuple(several(rng, 20, 300, 2)), 5, s, p) for s, p in ((1, 2), (3, 1))]
    for hw, k, s, p in (((6, 9), 3, 2, 1), ((8, 11), 5, 1, 2), ((9, 6), (4, 3), (2, 1), 3), *drawn):
        assert_pair(submission.conv_output_shape(hw, k, s, p), reference.conv_output_shape(hw, k, s, p))


# --------------------------------------------------------------------------------------------------- shift2d


@pytest.mark.criterion("shift")
def test_shift_by_hand(submission, reference, rng):
    """Moves a small picture down, then to the right."""
    assert_close(submission.shift2d(PICTURE, 1, 0), [[0, 0], [1, 2.0]], because="down by one: zeros come in at the top")
    assert_close(
        submission.shift2d(PICTURE, 0, 1), [[0, 1], [0, 3.0]], because="right by one: zeros come in at the left"
    )
    x = rng.normal(size=(2, 2)) + 3
    for dy, dx in ((1, 0), (0, 1)):
        assert_close(submission.shift2d(x, dy, dx), reference.shift2d(x, dy, dx))


@pytest.mark.criterion("shift")
def test_shift_directions(submission, reference, rng):
    """Moves a picture in every direction, and by zero pixels."""
    x = rng.normal(size=(6, 9)) + 3
    for dy, dx in ((-1, 0), (0, -2), (2, 3), (-2, 1), (3, -4), (0, 0)):
        assert_close(submission.shift2d(x, dy, dx), reference.shift2d(x, dy, dx))
    x = np.asfortranarray(rng.normal(size=(3, 50)))
    assert_close(submission.shift2d(x, 1, -2), reference.shift2d(x, 1, -2))


@pytest.mark.criterion("shift")
def test_shift_out_of_the_picture(submission, reference, rng):
    """Returns zeros if the whole picture has moved out, and only then."""
    for dy, dx in ((2, 0), (0, -3), (5, 5)):
        assert_close(submission.shift2d(PICTURE, dy, dx), np.zeros((2, 2)), because="the whole picture has moved out")
    x = rng.normal(size=(3, 4)) + 3
    for dy, dx in ((2, 0), (0, -3), (-2, 3)):
        because = "the last row or column is still in the picture"
        assert_close(submission.shift2d(x, dy, dx), reference.shift2d(x, dy, dx), because=because)


@pytest.mark.criterion("shift-axes")
def test_shift_channels(submission, reference, rng):
    """Moves all channels of a photo together."""
    x = rng.normal(size=(5, 6, 3)) + 3
    for dy, dx in ((1, 0), (0, -1), (2, 2)):
        because = "The axes of the picture are the two before the channels."
        assert_close(submission.shift2d(x, dy, dx), reference.shift2d(x, dy, dx), because=because)


@pytest.mark.criterion("shift-axes")
def test_shift_batch(submission, reference, rng):
    """Moves each picture of a batch separately."""
    x = rng.normal(size=(3, 5, 4, 2)) + 3
    for dy, dx in ((1, 0), (0, 2), (-2, 1)):
        because = "No pixel moves from one picture into the next."
        assert_close(submission.shift2d(x, dy, dx), reference.shift2d(x, dy, dx), because=because)


@pytest.mark.criterion("shift-axes", constants=OF_ARGUMENTS)
def test_shift_inputs_unchanged(submission, rng):
    """Does not change the image."""
    assert_inputs_unchanged(submission.shift2d, rng.normal(size=(4, 5)), 1, 1)


# ------------------------------------------------------------------------------------------ equivariance_gap


def spots(rng, *shape):
    """Return bright pixels far from the border, so that no pixel leaves and no zero comes in."""
    x = np.zeros(shape)
    x[3:5, 4:6] = rng.uniform(1, 3, size=(2, 2, *shape[2:]))
    return x


@pytest.mark.criterion("gap")
def test_gap_of_what_moves_along(submission, reference, rng):
    """Finds no gap for a convolution and for a function of single pixels, but a gap for a dense layer."""
    for name in ("square", "blur"):
        for dy, dx in ((1, 0), (-1, 2)):
            got = submission.equivariance_gap(FUNCTIONS[name], spots(rng, 9, 10), dy, dx)
            assert_close(got, 0.0, because="a shift before or after the function gives the same picture")
    x = spots(rng, 9, 10)
    got = submission.equivariance_gap(FUNCTIONS["dense"], x, 1, 0)
    assert_close(
        got,
        reference.equivariance_gap(FUNCTIONS["dense"], x, 1, 0),
        because="a dense layer has different weights for each pixel",
    )


@pytest.mark.criterion("gap")
def test_gap_of_a_dense_layer(submission, reference, rng):
    """Finds the largest absolute difference for a dense layer."""
    for shape, dy, dx in (((6, 5), 1, 1), ((5, 6, 2), 0, -1), ((6, 6), -2, 1)):
        for sign in (1, -1):
            x = sign * rng.normal(size=shape)
            got = submission.equivariance_gap(FUNCTIONS["dense"], x, dy, dx)
            wanted = reference.equivariance_gap(FUNCTIONS["dense"], x, dy, dx)
            assert_close(
                got, wanted, terms=4096, because="one weight per pixel: the output does not move with the picture"
            )


@pytest.mark.criterion("gap")
def test_gap_of_blocks(submission, reference, rng):
    """Finds a gap for the maximum of each 2 x 2 block if the shift is not a whole block."""
    x = spots(rng, 10, 12)
    for dy, dx in ((1, 0), (1, 1), (2, 0), (0, -2)):
        got = submission.equivariance_gap(FUNCTIONS["halve"], x, dy, dx)
        because = "compare pixel by pixel: halve returns a picture of half the size"
        assert_close(got, reference.equivariance_gap(FUNCTIONS["halve"], x, dy, dx), because=because)
