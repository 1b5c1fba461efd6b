"""Hidden checks of exercise 1: small integers first, then shapes that reveal a swapped axis, then edge cases.

All sizes differ: H != W, KH != KW, C_in != C_out, and the bias is far from 0.
"""

import numpy as np
import pytest

from grader.checks import assert_close, assert_inputs_unchanged, assert_shape, fail, race
from grader.sandbox import Reason

PICTURE = np.arange(9.0).reshape(1, 3, 3, 1)
KERNEL = np.arange(4.0).reshape(2, 2, 1, 1)


def case(rng, n=2, h=7, w=6, kh=3, kw=2, c=3, f=4):
    """Return images, kernels and a bias far from 0."""
    return rng.normal(size=(n, h, w, c)), rng.normal(size=(kh, kw, c, f)), rng.normal(size=f) + 5


def row(*values):
    return np.array(values, dtype=float).reshape(1, 1, -1, 1)


def taps(*values):
    return np.array(values, dtype=float).reshape(1, -1, 1, 1)


NO_BIAS = np.zeros(1)
OF_ARGUMENTS = "it tests the arguments after the call; other checks of its criterion test the result"
SAME_NUMBERS = "The memory layout of an array does not matter: x[n, i, j, c] is the same number."

# ----------------------------------------------------------------------------------------------- same_padding


@pytest.mark.criterion("same-padding")
def test_same_padding_by_hand(submission, reference, rng):
    """Computes the padding for small cases that you can draw."""
    for (n, k, s), wanted, because in (
        ((5, 3, 1), (1, 1), "5 windows of 3 need 7 pixels: 2 are missing, one on each side"),
        ((6, 3, 2), (0, 1), "3 windows start at 0, 2, 4 and end at 7: 1 is missing, and the odd zero goes after"),
        ((2, 2, 1), (0, 1), "2 windows of 2 need 3 pixels: 1 is missing, and the odd zero goes after"),
        ((4, 1, 3), (0, 0), "2 windows start at 0 and 3 and end at 4: nothing is missing"),
    ):
        before, after = submission.same_padding(n, k, s)
        assert_close(before, wanted[0], because=because)
        assert_close(after, wanted[1], because=because)
    n, k, s = (int(rng.integers(low, high)) for low, high in ((20, 1000), (2, 12), (1, 7)))
    before, after = submission.same_padding(n, k, s)
    wanted = reference.same_padding(n, k, s)
    assert_close(before, wanted[0])
    assert_close(after, wanted[1])


@pytest.mark.criterion("same-padding")
def test_same_padding_general(submission, reference, rng):
    """Computes the padding for every size, kernel and stride, also for a stride larger than the kernel."""
    for k in (1, 2, 3, 4, 5):
        for s in (1, 2, 3, 4):
            for n in (1, 4, 7, int(rng.integers(10, 1000))):
                before, after = submission.same_padding(n, k, s)
                wanted = reference.same_padding(n, k, s)
                assert_close(before, wanted[0], because="There are ceil(n / s) windows.")
                assert_close(after, wanted[1], because="There are ceil(n / s) windows.")


# ------------------------------------------------------------------------------------------------------ pad2d


@pytest.mark.criterion("pad")
def test_pad_by_hand(submission, reference, rng):
    """Puts zeros on the requested sides."""
    padded = submission.pad2d(row(5, 6), ((1, 0), (0, 2)))
    assert_close(
        padded,
        np.array([[0, 0, 0, 0], [5, 6, 0, 0.0]]).reshape(1, 2, 4, 1),
        because="one row at the top, two columns on the right",
    )
    x = row(*rng.normal(size=2) + 3)
    assert_close(submission.pad2d(x, ((1, 0), (0, 2))), reference.pad2d(x, ((1, 0), (0, 2))))


@pytest.mark.criterion("pad")
def test_pad_general(submission, reference, rng):
    """Pads every image and channel by a different number on each side."""
    x = rng.normal(size=(2, 3, 4, 2)) + 3
    for pads in (((1, 2), (3, 0)), ((0, 0), (0, 0)), ((2, 2), (1, 1))):
        assert_close(
            submission.pad2d(x, pads), reference.pad2d(x, pads), because="All pixels outside the picture are zeros."
        )


@pytest.mark.criterion(
    "pad", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_pad_input_unchanged(submission, rng):
    """Does not change the image."""
    assert_inputs_unchanged(submission.pad2d, rng.normal(size=(1, 3, 2, 1)), ((1, 1), (1, 1)))


# ------------------------------------------------------------------------------------------------ conv2d_step


@pytest.mark.criterion("step")
def test_step_by_hand(submission, reference, rng):
    """Multiplies patch and kernel element by element, sums, and adds the bias."""
    y = submission.conv2d_step(PICTURE[0, :2, :2], KERNEL, np.array([100.0]))
    assert_close(y, [119.0], because="119 = 0*0 + 1*1 + 3*2 + 4*3 + 100")
    patch, w, b = rng.normal(size=(2, 2, 1)), rng.normal(size=(2, 2, 1, 1)), rng.normal(size=1) + 5
    assert_close(submission.conv2d_step(patch, w, b), reference.conv2d_step(patch, w, b))


@pytest.mark.criterion("step")
def test_step_bias(submission, reference, rng):
    """Adds the bias of each filter once."""
    y = submission.conv2d_step(np.zeros((2, 3, 2)), np.ones((2, 3, 2, 3)), np.array([1.0, 10.0, 100.0]))
    assert_close(y, [1.0, 10.0, 100.0], because="for a patch of zeros only the bias is left: 1, 10, 100")
    patch, w, b = rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 3, 2, 3)), rng.normal(size=3) + 5
    assert_close(submission.conv2d_step(patch, w, b), reference.conv2d_step(patch, w, b))


@pytest.mark.criterion("step")
def test_step_general(submission, reference, rng):
    """Sums over rows, columns and channels for every filter, and does not change its inputs."""
    patch, w, b = rng.normal(size=(3, 2, 4)), rng.normal(size=(3, 2, 4, 5)), rng.normal(size=5) + 5
    assert_close(submission.conv2d_step(patch, w, b), reference.conv2d_step(patch, w, b))
    assert_inputs_unchanged(submission.conv2d_step, patch, w, b)


# ----------------------------------------------------------------------------------------------------- conv2d


@pytest.mark.criterion("kernel")
def test_conv_by_hand(submission, reference, rng):
    """Applies the kernel at each of the four positions."""
    y = submission.conv2d(PICTURE, KERNEL, NO_BIAS)
    assert_close(
        y,
        np.array([[19, 25], [37, 43.0]]).reshape(1, 2, 2, 1),
        because="19 = 0*0 + 1*1 + 3*2 + 4*3, 25 = 1*0 + 2*1 + 4*2 + 5*3",
    )
    x, w = rng.normal(size=PICTURE.shape), rng.normal(size=KERNEL.shape)
    assert_close(submission.conv2d(x, w, NO_BIAS), reference.conv2d(x, w, NO_BIAS))


@pytest.mark.criterion("kernel")
def test_conv_impulse(submission, reference, rng):
    """Does not flip the kernel: a single bright pixel meets the last weight first."""
    impulse = np.zeros((1, 3, 5, 1))
    impulse[0, 1, 2, 0] = 1
    y = submission.conv2d(impulse, np.array([[1, 2, 3], [4, 5, 6.0]]).reshape(2, 3, 1, 1), NO_BIAS)
    assert_close(
        y,
        np.array([[6, 5, 4], [3, 2, 1.0]]).reshape(1, 2, 3, 1),
        because="the first window has the 1 in its last corner, and the last weight is 6",
    )
    w = rng.normal(size=(2, 3, 1, 1))
    assert_close(submission.conv2d(impulse, w, NO_BIAS), reference.conv2d(impulse, w, NO_BIAS))


@pytest.mark.criterion("kernel")
def test_conv_general(submission, reference, rng):
    """Returns the right numbers for any number of rows, columns and channels, also for negative numbers."""
    x, w, b = case(rng)
    assert_close(submission.conv2d(x, w, b - 5), reference.conv2d(x, w, b - 5))
    x, w, b = case(rng, n=1, h=5, w=8, kh=2, kw=4, c=2, f=3)
    assert_close(submission.conv2d(x, w, b), reference.conv2d(x, w, b))
    # Again with other numbers in the same shapes, in Fortran order; then many rows, columns and images.
    x, w, b = case(rng)
    assert_close(submission.conv2d(np.asfortranarray(x), w, b), reference.conv2d(x, w, b), because=SAME_NUMBERS)
    for sizes in ({"n": 1, "h": 70, "w": 3}, {"n": 1, "h": 3, "w": 60}, {"n": 7, "h": 4, "w": 5}):
        x, w, b = case(rng, kh=3, kw=2, c=2, f=2, **sizes)
        assert_close(submission.conv2d(x, w, b), reference.conv2d(x, w, b))


@pytest.mark.criterion("kernel", constants=OF_ARGUMENTS)
def test_conv_inputs_unchanged(submission, rng):
    """Does not change the image, the kernels and the bias."""
    assert_inputs_unchanged(submission.conv2d, *case(rng, h=4, w=5), 1, "same")


@pytest.mark.criterion("channels-and-bias")
def test_conv_channels(submission, reference, rng):
    """Sums over all channels, each with its own weights."""
    y = submission.conv2d(
        np.array([2.0, 3.0]).reshape(1, 1, 1, 2), np.array([10.0, 100.0]).reshape(1, 1, 2, 1), NO_BIAS
    )
    assert_close(y, np.full((1, 1, 1, 1), 320.0), because="320 = 2*10 + 3*100")
    x, w, _ = case(rng, c=4, f=2)
    y = submission.conv2d(x, w, np.zeros(2))
    assert_close(y, reference.conv2d(x, w, np.zeros(2)), because="One output sums over rows, columns and channels.")


@pytest.mark.criterion("channels-and-bias")
def test_conv_bias(submission, rng):
    """Adds the bias of a filter once to each of its outputs."""
    b = np.array([1.0, 10.0, 100.0])
    y = submission.conv2d(np.zeros((2, 3, 4, 2)), np.ones((2, 2, 2, 3)), b)
    assert_close(y, np.broadcast_to(b, (2, 2, 3, 3)), because="for an image of zeros only the bias is left: 1, 10, 100")
    b = rng.normal(size=3) + 5
    y = submission.conv2d(np.zeros((2, 3, 4, 2)), np.ones((2, 2, 2, 3)), b)
    assert_close(
        y, np.broadcast_to(b, (2, 2, 3, 3)), because="for an image of zeros only the bias of each filter is left"
    )


@pytest.mark.criterion("stride")
def test_conv_stride(submission, reference, rng):
    """Moves the window by stride pixels."""
    y = submission.conv2d(row(0, 1, 2, 3, 4, 5), taps(1), NO_BIAS, 2)
    assert_close(y, row(0, 2, 4), because="the windows start at 0, 2 and 4")
    x, w, b = case(rng, h=9, w=8)
    for stride in (2, 3, 4):
        assert_close(submission.conv2d(x, w, b, stride), reference.conv2d(x, w, b, stride))


@pytest.mark.criterion("stride")
def test_conv_stride_pair(submission, reference, rng):
    """Takes the first number of a pair for rows and the second for columns."""
    x, w, b = case(rng, h=8, w=7)
    for stride in ((2, 1), (1, 3)):
        assert_close(submission.conv2d(x, w, b, stride), reference.conv2d(x, w, b, stride))


@pytest.mark.criterion("shapes")
def test_conv_shapes(submission, reference, rng):
    """Handles wide and high images, and kernels that are not square."""
    for sizes in (
        {"n": 1, "h": 3, "w": 9, "kh": 3, "kw": 1, "c": 1, "f": 2},
        {"n": 3, "h": 6, "w": 2, "kh": 1, "kw": 2, "c": 2, "f": 5},
        {"n": 2, "h": 4, "w": 5, "kh": 4, "kw": 5, "c": 2, "f": 3},
    ):
        x, w, b = case(rng, **sizes)
        assert_close(submission.conv2d(x, w, b), reference.conv2d(x, w, b))
    x, w, b = case(rng, h=8, w=6, kh=3, kw=3)
    assert_close(
        submission.conv2d(x, w, b, 2),
        reference.conv2d(x, w, b, 2),
        because="Windows that fit only partly are left out.",
    )


@pytest.mark.criterion("shapes", constants="an empty output holds no number that could be wrong")
def test_conv_empty(submission, rng):
    """Returns an empty output if the kernel does not fit."""
    x, w, b = case(rng, n=2, h=2, w=5, kh=3, kw=2)
    assert_shape(submission.conv2d(x, w, b), (2, 0, 4, 4))


@pytest.mark.criterion("padding")
def test_conv_same(submission, reference, rng):
    """Keeps the size at stride 1 with padding "same"."""
    ones = np.ones((1, 3, 3, 1))
    y = submission.conv2d(ones, np.ones((3, 3, 1, 1)), NO_BIAS, padding="same")
    wanted = np.array([[4, 6, 4], [6, 9, 6], [4, 6, 4.0]]).reshape(1, 3, 3, 1)
    assert_close(y, wanted, because="a corner sees 4 ones and 5 zeros, the centre 9 ones")
    x, w, b = case(rng, kh=3, kw=5)
    assert_close(submission.conv2d(x, w, b, padding="same"), reference.conv2d(x, w, b, padding="same"))


@pytest.mark.criterion("padding")
def test_conv_same_even_and_stride(submission, reference, rng):
    """Puts the odd zero at the end for even kernels, and returns ceil(H / stride) rows for larger strides."""
    y = submission.conv2d(row(1, 2), taps(10, 1), NO_BIAS, padding="same")
    strided = submission.conv2d(
        row(1, 2, 3), taps(10, 1), NO_BIAS, 2, "same"
    )  # asked early: it separates misconceptions
    assert_close(y, row(12, 20), because="12 = 1*10 + 2*1, 20 = 2*10 + 0*1: the zero goes after")
    assert_close(strided, row(12, 30), because="ceil(3 / 2) = 2 windows: (1, 2) and (3, 0)")
    for kh, kw, stride in ((2, 4, 1), (3, 3, 2), (2, 3, (2, 1)), (3, 2, 3), (1, 2, 4)):
        x, w, b = case(rng, h=6, w=7, kh=kh, kw=kw)
        y = submission.conv2d(x, w, b, stride, "same")
        assert_close(y, reference.conv2d(x, w, b, stride, "same"))


@pytest.mark.criterion("padding")
def test_conv_integer_padding(submission, reference, rng):
    """Puts an integer number of zeros on every side: 0, 1, 2, or more than the kernel size."""
    for padding in (0, 1, 2, 4):
        x, w, b = case(rng, h=5, w=6)
        assert_close(submission.conv2d(x + 3, w, b, 1, padding), reference.conv2d(x + 3, w, b, 1, padding))
        assert_close(submission.conv2d(x, w, b, 2, padding), reference.conv2d(x, w, b, 2, padding))


# -------------------------------------------------------------------------------------------- conv2d_backward


def backward_case(rng, reference, stride=1, padding="valid", **sizes):
    x, w, b = case(rng, **sizes)
    return rng.normal(size=reference.conv2d(x, w, b, stride, padding).shape), x, w


@pytest.mark.criterion("backward-image")
def test_backward_dx_by_hand(submission, reference, rng):
    """Sums the gradients that all windows send back to a pixel."""
    dx, _, _ = submission.conv2d_backward(np.ones((1, 2, 2, 1)), PICTURE, KERNEL)
    wanted = np.array([[0, 1, 1], [2, 6, 4], [2, 5, 3.0]]).reshape(1, 3, 3, 1)
    assert_close(
        dx, wanted, because="all four windows cover the centre, each with a different weight: 6 = 0 + 1 + 2 + 3"
    )
    dy = rng.normal(size=(1, 2, 2, 1))
    dx, _, _ = submission.conv2d_backward(dy, PICTURE, KERNEL)
    assert_close(dx, reference.conv2d_backward(dy, PICTURE, KERNEL)[0])


@pytest.mark.criterion("backward-image")
def test_backward_dx_general(submission, reference, rng):
    """Sends the gradient back to every pixel and channel."""
    for sizes in (
        {},
        {"n": 1, "h": 5, "w": 4, "kh": 2, "kw": 3, "c": 1, "f": 2},
        {"n": 1, "h": 40, "w": 3, "f": 1},
        {"n": 7, "h": 4, "w": 5, "f": 2},
        {},
    ):
        dy, x, w = backward_case(rng, reference, **sizes)
        dx, _, _ = submission.conv2d_backward(dy, x, w)
        assert_close(dx, reference.conv2d_backward(dy, x, w)[0])


@pytest.mark.criterion(
    "backward-image", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_backward_inputs_unchanged(submission, reference, rng):
    """Does not change the gradient, the image and the kernels."""
    assert_inputs_unchanged(submission.conv2d_backward, *backward_case(rng, reference, padding=1), 1, 1)


@pytest.mark.criterion("backward-kernels")
def test_backward_dw_by_hand(submission, reference, rng):
    """Sums, for every weight, the pixels that it was multiplied by."""
    _, dw, _ = submission.conv2d_backward(np.ones((1, 2, 2, 1)), PICTURE, KERNEL)
    assert_close(
        dw,
        np.array([[8, 12], [20, 24.0]]).reshape(2, 2, 1, 1),
        because="the weight (0, 0) was multiplied by 0, 1, 3 and 4: 8 = 0 + 1 + 3 + 4",
    )
    dy = rng.normal(size=(1, 2, 2, 1))
    _, dw, _ = submission.conv2d_backward(dy, PICTURE, KERNEL)
    assert_close(dw, reference.conv2d_backward(dy, PICTURE, KERNEL)[1])


@pytest.mark.criterion("backward-kernels")
def test_backward_dw_general(submission, reference, rng):
    """Sums over examples and positions, and does not average."""
    for sizes in ({"n": 3}, {"n": 1, "h": 5, "w": 4, "kh": 2, "kw": 3, "c": 1, "f": 2}, {"n": 7, "h": 4, "w": 5}):
        dy, x, w = backward_case(rng, reference, **sizes)
        _, dw, _ = submission.conv2d_backward(dy, x, w)
        assert_close(dw, reference.conv2d_backward(dy, x, w)[1])


@pytest.mark.criterion("backward-bias")
def test_backward_db(submission, reference, rng):
    """Gives each bias the sum of the gradients of its filter."""
    _, _, db = submission.conv2d_backward(np.ones((3, 2, 2, 1)), np.ones((3, 3, 3, 1)), KERNEL)
    assert_close(db, [12.0], because="12 = 3 examples * 2 rows * 2 columns")
    for n in (3, 7):
        dy, x, w = backward_case(rng, reference, n=n)
        _, _, db = submission.conv2d_backward(dy, x, w)
        assert_close(db, reference.conv2d_backward(dy, x, w)[2])


def assert_gradients(submission, reference, dy, x, w, *geometry):
    got = submission.conv2d_backward(dy, x, w, *geometry)
    for part, wanted in zip(got, reference.conv2d_backward(dy, x, w, *geometry), strict=True):
        assert_close(part, wanted)


@pytest.mark.criterion("backward-stride")
def test_backward_stride(submission, reference, rng):
    """Sends gradients back to the windows of the forward pass, even if there are gaps between them."""
    dx, _, _ = submission.conv2d_backward(row(1, 10), row(1, 2, 3, 4), taps(5), 2)
    assert_close(dx, row(5, 0, 50, 0), because="the windows start at 0 and 2; no window covers the other pixels")
    for stride in (2, (2, 1), (1, 3), 4):
        assert_gradients(submission, reference, *backward_case(rng, reference, stride, h=9, w=8), stride)


@pytest.mark.criterion("backward-padding")
def test_backward_padding_zero(submission, reference, rng):
    """Returns gradients of the right shape with padding 0."""
    assert_gradients(submission, reference, *backward_case(rng, reference, 1, 0), 1, 0)


@pytest.mark.criterion("backward-padding")
def test_backward_padding(submission, reference, rng):
    """Removes exactly the padding: 1, 2, and "same" with even kernels and strides."""
    for stride, padding, kh, kw in (
        (1, 1, 3, 2),
        (2, 2, 3, 3),
        (1, "same", 3, 3),
        (1, "same", 2, 4),
        (2, "same", 3, 2),
        ((2, 1), "same", 2, 3),
    ):
        dy, x, w = backward_case(rng, reference, stride, padding, h=6, w=7, kh=kh, kw=kw)
        assert_gradients(submission, reference, dy, x, w, stride, padding)


# ------------------------------------------------------------------------------------------------ conv2d_fast


@pytest.mark.criterion("fast", alone="conv2d_fast has one misconception of its own, which other checks catch")
def test_fast_by_hand(submission, reference, rng):
    """Returns the same as conv2d for a case worked by hand."""
    y = submission.conv2d_fast(PICTURE, KERNEL, np.array([100.0]))
    assert_close(
        y, np.array([[119, 125], [137, 143.0]]).reshape(1, 2, 2, 1), because="119 = 0*0 + 1*1 + 3*2 + 4*3 + 100"
    )
    x, w, b = rng.normal(size=PICTURE.shape), rng.normal(size=KERNEL.shape), rng.normal(size=1) + 5
    assert_close(submission.conv2d_fast(x, w, b), reference.conv2d(x, w, b))


@pytest.mark.criterion("fast")
def test_fast_general(submission, reference, rng):
    """Returns the same as conv2d for every stride, padding and shape."""
    for stride, padding, kh, kw in (
        (1, "valid", 3, 2),
        (2, "same", 3, 3),
        ((2, 1), 2, 2, 3),
        (3, "valid", 2, 2),
        (1, "same", 2, 4),
        (1, "valid", 8, 2),
    ):
        x, w, b = case(rng, kh=kh, kw=kw)
        assert_close(submission.conv2d_fast(x, w, b, stride, padding), reference.conv2d(x, w, b, stride, padding))
    x, w, b = case(rng, n=7)
    assert_close(submission.conv2d_fast(x, w, b), reference.conv2d(x, w, b))
    x, w, b = case(rng)
    y = submission.conv2d_fast(np.asfortranarray(x), np.asfortranarray(w), b)
    assert_close(y, reference.conv2d(x, w, b), because=SAME_NUMBERS)


@pytest.mark.criterion(
    "fast", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_fast_inputs_unchanged(submission, rng):
    """Does not change the image, the kernels and the bias."""
    assert_inputs_unchanged(submission.conv2d_fast, *case(rng, h=4, w=5), 1, "same")


# Measured on two images of 96 x 96 x 8 and sixteen 3 x 3 kernels, each compared with our own on one core, in this order:
# what right solutions need, what the nearest wrong one needs, the limit between.
#   3 times:  0.7 (loop over taps), 1.0 to 1.3 (rows of a matrix, optimised einsum); 7 (plain einsum); 3
#   10 times: 5 to 8 (plain einsum, a loop over the output's pixels with one product of matrices for each); 20 and
#             more (a loop over pixels and images, or over filters too); 10


def assert_fast(submission, baseline, rng, times):
    """Fail if conv2d_fast takes more than so many times as long as the reference."""

    def draw():
        return case(rng, n=2, h=96, w=96, kh=3, kw=3, c=8, f=16)

    ratio = race(submission.conv2d_fast, baseline.conv2d_fast, draw, enough=times)
    if ratio > times:
        fail(
            None,
            f"conv2d_fast takes more than {times} times as long as the reference",
            f"at most {times} times",
            f"for {submission.conv2d_fast.describe(*draw())}\nIs there a Python loop over pixels?",
            reason=Reason.TOO_SLOW,
        )


@pytest.mark.criterion("fast")
def test_fast_within_ten_times(submission, baseline, rng):
    """Takes at most 10 times as long as the reference on a large image."""
    assert_fast(submission, baseline, rng, 10)


@pytest.mark.criterion("speed")
def test_fast_within_three_times(submission, baseline, rng):
    """Takes at most 3 times as long as the reference on a large image."""
    assert_fast(submission, baseline, rng, 3)


# ------------------------------------------------------------------------------------------------------ bonus


@pytest.mark.criterion("dilation")
def test_dilated(submission, reference, rng):
    """Spreads the elements of the kernel by the dilation."""
    y = submission.conv2d_dilated(PICTURE, np.ones((2, 2, 1, 1)), NO_BIAS, 1, "valid", 2)
    assert_close(y, np.full((1, 1, 1, 1), 16.0), because="16 = 0 + 2 + 6 + 8, the four corners")
    x, w, b = case(rng, h=9, w=8)
    for stride, padding, dilation in ((1, "valid", 2), (2, "same", (1, 2)), (1, 1, (3, 1)), (1, "valid", 1)):
        y = submission.conv2d_dilated(x, w, b, stride, padding, dilation)
        assert_close(y, reference.conv2d_dilated(x, w, b, stride, padding, dilation))
    assert_close(submission.conv2d_dilated(x, w, b), reference.conv2d_dilated(x, w, b))


@pytest.mark.criterion("groups")
def test_grouped(submission, reference, rng):
    """Gives each group its own channels and filters."""
    y = submission.conv2d_grouped(
        np.array([1.0, 10.0]).reshape(1, 1, 1, 2), np.array([2.0, 3.0]).reshape(1, 1, 1, 2), np.zeros(2), 1, "valid", 2
    )
    assert_close(y, np.array([2.0, 30.0]).reshape(1, 1, 1, 2), because="2 = 1*2, 30 = 10*3")
    x, b = rng.normal(size=(2, 5, 6, 6)), rng.normal(size=12) + 5
    for groups in (1, 2, 3, 6):
        w = rng.normal(size=(3, 2, 6 // groups, 12))
        y = submission.conv2d_grouped(x, w, b, (2, 1), "same", groups)
        assert_close(y, reference.conv2d_grouped(x, w, b, (2, 1), "same", groups))
    w = rng.normal(size=(3, 2, 6, 12))
    assert_close(submission.conv2d_grouped(x, w, b), reference.conv2d_grouped(x, w, b))
