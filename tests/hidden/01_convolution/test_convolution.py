"""Hidden checks of exercise 1. Each check varies only what its criterion is about.

The plain case is square, has one image, one channel and one filter, stride 1, padding "valid" and no bias. Its image
equals its transpose and its kernel looks the same from all sides, unless a check is about the orientation: a program
that swaps rows and columns, or flips the kernel, then loses the points of that criterion only. The numbers are small
integers, unless a check is about fractions. Mixed cases have their own checks.
"""

from itertools import chain, count

import numpy as np
import pytest

from grader.checks import CheckFailedError, assert_close, assert_inputs_unchanged, assert_shape, fail, is_fast
from grader.sandbox import Reason

PICTURE = np.arange(9.0).reshape(1, 3, 3, 1)
KERNEL = np.arange(4.0).reshape(2, 2, 1, 1)
NO_BIAS = np.zeros(1)
SAME_NUMBERS = "The memory layout of an array does not matter: x[n, i, j, c] is the same number."


def whole(rng, *shape):
    """Return integers from 2 to 9: a weight of 1 would return the image itself."""
    return rng.integers(2, 10, shape).astype(float)


def image(rng, size, channels=1, images=1):
    """Return square images that equal their transpose."""
    at = np.arange(size)
    return whole(rng, images, size, size, channels)[:, np.minimum.outer(at, at), np.maximum.outer(at, at)]


def kernel(rng, kh, kw, channels=1, filters=1):
    """Return kernels that look the same from all sides; those that are not square only upside down and mirrored."""
    down, right = (np.abs(np.arange(k) - (k - 1) / 2) for k in (kh, kw))
    rings = np.add.outer(down, right).astype(int)
    return whole(rng, kh + kw, channels, filters)[rings]


def plain(rng, size, k, channels=1, filters=1, images=1):
    """Return images, kernels and a bias of zeros, as the text at the top of this file describes them."""
    return image(rng, size, channels, images), kernel(rng, k, k, channels, filters), np.zeros(filters)


def mixed(rng, n=2, h=7, w=6, kh=3, kw=2, c=3, f=4):
    """Return images, kernels and a bias of any sizes, including negative numbers and fractions."""
    b = (rng.normal(size=f) + 5) * (-1.0) ** np.arange(f)
    return rng.normal(size=(n, h, w, c)), rng.normal(size=(kh, kw, c, f)), b


def row(*values):
    return np.array(values, dtype=float).reshape(1, 1, -1, 1)


def square(*values):
    """Return an image, or the gradient of one, from its numbers."""
    size = round(len(values) ** 0.5)
    return np.array(values, dtype=float).reshape(1, size, size, 1)


def bias_cases(rng):
    """Return an image with one filter and a bias, and an image of zeros with several channels and biases."""
    x, w, _ = plain(rng, 3, 2)
    biases = np.array([1.0, 10.0, 100.0]) * whole(rng, 1)
    return (x, w, whole(rng, 1)), (np.zeros((1, 3, 3, 2)), kernel(rng, 2, 2, 2, 3), biases)


def arguments_to_keep(rng):
    """Return calls with and without padding, whose arrays change if they are turned, padded or set to 0 in place."""
    case = whole(rng, 1, 3, 3, 1), KERNEL + whole(rng, 1), whole(rng, 1)
    return case, (*case, 1, 1), (*case, 1, "same")


def assert_unchanged_for_several(function, *case):
    """Fail if a function writes into arrays with several channels and filters, which have their own criteria."""
    if function.raised_by(*case) is None:
        assert_inputs_unchanged(function, *case)


def assert_same(function, wanted, *cases, because=""):
    """Compare the answers of a learner's function with ours, all asked in one frame."""
    for got, case in zip(function.map(cases), cases, strict=True):
        assert_close(got, wanted(*case), because=because)


def is_right(function, right, case):
    """Return True if the answer to a call is right. Then a harder call is judged alone."""
    try:
        assert_close(function(*case), right(*case))
    except CheckFailedError:
        return False
    return True


# ----------------------------------------------------------------------------------------------- same_padding


def assert_zeros(submission, reference, *cases, because=""):
    for (before, after), case in zip(submission.same_padding.map(cases), cases, strict=True):
        wanted = reference.same_padding(*case)
        assert_close(before, wanted[0], because=because)
        assert_close(after, wanted[1], because=because)


@pytest.mark.criterion("same-padding")
def test_same_padding_odd_kernel(submission, reference, rng):
    """Puts half of the zeros on each side, for kernels of odd size at stride 1."""
    assert_zeros(submission, reference, (5, 3, 1), because="5 windows of 3 need 7 pixels: 2 are missing, one per side")
    k = 2 * int(rng.integers(4, 500)) + 1
    assert_zeros(submission, reference, (4, 1, 1), (7, 5, 1), (2, 5, 1), (k + int(rng.integers(500)), k, 1))


@pytest.mark.criterion("same-odd-zero")
def test_same_padding_even_kernel(submission, reference, rng):
    """Puts the odd zero at the end, for kernels of even size at stride 1."""
    because = "2 windows of 2 need 3 pixels: 1 is missing, and the odd zero goes after"
    assert_zeros(submission, reference, (2, 2, 1), because=because)
    k = 2 * int(rng.integers(4, 500))
    assert_zeros(submission, reference, (5, 4, 1), (k + int(rng.integers(500)), k, 1))


@pytest.mark.criterion("same-stride")
def test_same_padding_stride(submission, reference, rng):
    """Adds what ceil(n / s) windows need at larger strides."""
    because = "ceil(6 / 2) = 3 windows of 4 start at 0, 2, 4 and end at 8: 2 are missing, one on each side"
    assert_zeros(submission, reference, (6, 4, 2), because=because)
    cases = [(9, 3, 3), (9, 5, 3), (3, 3, 5), (1, 1, 2)]
    for _ in range(4):
        windows, s, each = (int(rng.integers(low, high)) for low, high in ((5, 200), (2, 7), (1, 4)))
        last = int(rng.integers(1, s + 1))  # the pixels from the start of the last window on
        cases.append(((windows - 1) * s + last, last + 2 * each, s))  # an even number is missing: no odd zero
    assert_zeros(submission, reference, *cases, because="There are ceil(n / s) windows.")


@pytest.mark.criterion("same-stride")
def test_same_padding_never_negative(submission, reference, rng):
    """Adds no zeros if nothing is missing, and never fewer than 0."""
    n = 4 * int(rng.integers(2, 200)) + 1
    cases = (n, 5, 4), (5, 1, 3), (n + 2, 1, 4), (6, 1, 3), (n + 3, 2, 4)
    assert_zeros(submission, reference, *cases, because="The windows may end before the last pixel does.")


# ------------------------------------------------------------------------------------------------------ pad2d


@pytest.mark.criterion("pad")
def test_pad(submission, reference, rng):
    """Puts a frame of zeros around each image and channel."""
    cases = [(square(5), ((1, 1), (1, 1)))]
    cases += [(whole(rng, n, 3, 3, c), ((by, by), (by, by))) for n, c, by in ((1, 1, 1), (2, 3, 2))]
    assert_same(submission.pad2d, reference.pad2d, *cases, because="All pixels outside the picture are zeros.")


@pytest.mark.criterion("pad-sides")
def test_pad_sides(submission, rng):
    """Moves the picture down by the zeros at the top, and right by the zeros on the left."""
    x = whole(rng, 1, 2, 2, 1)
    cases = [
        (x, pads) for pads in (((1, 0), (0, 2)), ((1, 2), (3, 0)), ((0, 0), (0, 0)), ((1, 0), (0, 0)), ((0, 0), (0, 2)))
    ]
    for padded, (_, ((top, bottom), (left, right))) in zip(submission.pad2d.map(cases), cases, strict=True):
        assert_shape(padded, (1, top + 2 + bottom, left + 2 + right, 1))
        picture = np.zeros(padded.shape, bool)
        picture[:, top : top + 2, left : left + 2] = True
        wanted = np.zeros(padded.shape)
        wanted[picture] = x.ravel()
        assert_close(
            padded, np.where(picture, wanted, padded), because=f"the picture starts at row {top}, column {left}"
        )


@pytest.mark.criterion("pad-unchanged")
def test_pad_input_unchanged(submission, reference, rng):
    """Does not change the image."""
    x = np.zeros((1, 4, 4, 1))  # a frame of zeros: what is outside the picture is not the matter here
    x[:, 1:3, 1:3] = whole(rng, 1, 2, 2, 1)
    case = x, ((1, 1), (1, 1))
    assert_inputs_unchanged(submission.pad2d, *case)
    assert_same(submission.pad2d, reference.pad2d, case)


# ------------------------------------------------------------------------------------------------ conv2d_step


@pytest.mark.criterion("step")
def test_step(submission, reference, rng):
    """Multiplies patch and kernel element by element and adds up."""
    assert_same(
        submission.conv2d_step,
        reference.conv2d_step,
        (PICTURE[0, :2, :2], KERNEL, NO_BIAS),
        (whole(rng, 2, 2, 1), whole(rng, 2, 2, 1, 1), NO_BIAS),
        (rng.normal(size=(3, 2, 1)), rng.normal(size=(3, 2, 1, 1)), NO_BIAS),
        because="For the patch 0 1 / 3 4 and the kernel 0 1 / 2 3: 0*0 + 1*1 + 3*2 + 4*3 = 19.",
    )


@pytest.mark.criterion("step-channels")
def test_step_channels(submission, reference, rng):
    """Sums over all channels, each with its own weights."""
    two = np.array([2.0, 3.0]).reshape(1, 1, 2), np.array([10.0, 100.0]).reshape(1, 1, 2, 1), NO_BIAS
    one = whole(rng, 2, 2, 3), kernel(rng, 2, 2, 3), NO_BIAS
    because = "For one pixel with the channels 2 and 3, and the weights 10 and 100: 2*10 + 3*100 = 320."
    assert_same(submission.conv2d_step, reference.conv2d_step, two, one, because=because)


@pytest.mark.criterion("step-channels")
def test_step_filters(submission, reference, rng):
    """Gives one number per filter, each from its own weights."""
    two = np.full((1, 1, 1), 2.0), np.array([10.0, 100.0]).reshape(1, 1, 1, 2), np.zeros(2)
    cases = [(whole(rng, 2, 2, c), kernel(rng, 2, 2, c, f), np.zeros(f)) for c, f in ((1, 3), (3, 2))]
    because = "For one pixel of 2 and two filters with the weights 10 and 100: 20 and 200."
    assert_same(submission.conv2d_step, reference.conv2d_step, two, *cases, because=because)


@pytest.mark.criterion("step-bias")
def test_step_bias(submission, reference, rng):
    """Adds the bias of each filter once."""
    cases = [
        (np.zeros((2, 2, 2)), np.ones((2, 2, 2, 2)), np.array(biases))
        for biases in ([10.0, 100.0], [-10.0, 5.0], [-1.0, 1.0], [0.0, 3.0])
    ]
    cases += [(whole(rng, k, k, 1), kernel(rng, k, k, 1, f), whole(rng, f)) for k, f in ((2, 1), (2, 3), (1, 2))]
    because = "Add b[f] once to the sum of filter f. For a patch of zeros only the bias is left."
    assert_same(submission.conv2d_step, reference.conv2d_step, *cases, because=because)


@pytest.mark.criterion("step-unchanged")
def test_step_inputs_unchanged(submission, reference, rng):
    """Does not change the patch, the kernels or the bias."""
    case = whole(rng, 2, 2, 1), kernel(rng, 2, 2), NO_BIAS
    assert_inputs_unchanged(submission.conv2d_step, *case)
    assert_inputs_unchanged(submission.conv2d_step, *case[:2], whole(rng, 1))
    assert_same(submission.conv2d_step, reference.conv2d_step, case)


# ----------------------------------------------------------------------------------------------------- conv2d


@pytest.mark.criterion("kernel")
def test_conv_by_hand(submission, reference, rng):
    """Applies the kernel at each of the four positions."""
    assert_same(
        submission.conv2d,
        reference.conv2d,
        (PICTURE, KERNEL, NO_BIAS),
        (whole(rng, 1, 3, 3, 1), whole(rng, 2, 2, 1, 1), NO_BIAS),
        because="For the image 0 to 8 and the kernel 0 1 / 2 3: 19 = 0*0 + 1*1 + 3*2 + 4*3, 25 = 1*0 + 2*1 + 4*2 + 5*3.",
    )


@pytest.mark.criterion("kernel")
def test_conv_impulse(submission, reference, rng):
    """Does not flip the kernel: a single bright pixel meets the last weight first."""
    small = square(0, 0, 0, 0, 1, 0, 0, 0, 0), np.array([[1, 2], [3, 4.0]]).reshape(2, 2, 1, 1), NO_BIAS
    large = np.zeros((1, 5, 5, 1)), whole(rng, 3, 3, 1, 1), NO_BIAS
    large[0][0, 2, 2] = 1
    because = "The first window has the 1 in its last corner, where the last weight is."
    assert_same(submission.conv2d, reference.conv2d, small, large, because=because)


@pytest.mark.criterion("kernel")
def test_conv_numbers(submission, reference, rng):
    """Keeps negative numbers and fractions."""
    x, w, b = plain(rng, 3, 2)
    because = "An output may be negative, and it may be a fraction."
    assert_same(submission.conv2d, reference.conv2d, (x, -w, b), (x / 4, w / 4 + 0.1, b), because=because)


@pytest.mark.criterion("kernel")
def test_conv_images(submission, reference, rng):
    """Computes the output of every image."""
    cases = [plain(rng, 3, 2, images=images) for images in (2, 7)]
    assert_same(submission.conv2d, reference.conv2d, *cases)


@pytest.mark.criterion("channels-and-bias")
def test_conv_channels(submission, reference, rng):
    """Sums over all channels, each with its own weights."""
    two = np.array([2.0, 3.0]).reshape(1, 1, 1, 2), np.array([10.0, 100.0]).reshape(1, 1, 2, 1), NO_BIAS
    because = "For one pixel with the channels 2 and 3, and the weights 10 and 100: 2*10 + 3*100 = 320."
    assert_same(submission.conv2d, reference.conv2d, two, plain(rng, 3, 2, channels=4), because=because)


@pytest.mark.criterion("channels-and-bias")
def test_conv_filters(submission, reference, rng):
    """Gives each filter its own output, from its own weights."""
    two = np.full((1, 1, 1, 1), 2.0), np.array([10.0, 100.0]).reshape(1, 1, 1, 2), np.zeros(2)
    cases = two, plain(rng, 3, 2, filters=3), plain(rng, 3, 2, channels=3, filters=2)
    because = "For one pixel of 2 and two filters with the weights 10 and 100: 20 and 200."
    assert_same(submission.conv2d, reference.conv2d, *cases, because=because)


@pytest.mark.criterion("channels-and-bias")
def test_conv_bias(submission, reference, rng):
    """Adds the bias of a filter once to each of its outputs."""
    because = "For an image of zeros only the bias of each filter is left."
    assert_same(submission.conv2d, reference.conv2d, *bias_cases(rng), because=because)


@pytest.mark.criterion("stride")
def test_conv_stride(submission, reference, rng):
    """Moves the window by stride pixels."""
    by_hand = square(0, 1, 2, 1, 2, 3, 2, 3, 4), np.ones((1, 1, 1, 1)), NO_BIAS, 2
    cases = [
        (*plain(rng, size, k), stride) for size, k, stride in ((4, 2, 2), (5, 3, 2), (5, 2, 3), (6, 1, 5), (3, 2, 4))
    ]
    because = "Window i starts at i times the stride."
    assert_same(submission.conv2d, reference.conv2d, by_hand, *cases, because=because)


@pytest.mark.criterion("stride")
def test_conv_stride_left_over(submission, reference, rng):
    """Leaves out windows that fit only partly."""
    cases = [(*plain(rng, size, k), stride) for size, k, stride in ((5, 2, 2), (6, 3, 2), (6, 2, 3), (7, 2, 3))]
    assert_same(submission.conv2d, reference.conv2d, *cases, because="Windows that fit only partly are left out.")


@pytest.mark.criterion("stride")
def test_conv_stride_pair(submission, reference, rng):
    """Takes the first number of a pair for rows and the second for columns."""
    cases = [(*plain(rng, 5, 1), stride) for stride in ((2, 1), (1, 2), (1, 4))]
    assert_same(submission.conv2d, reference.conv2d, *cases, because="The first number of the stride is for rows.")


@pytest.mark.criterion("shapes")
def test_conv_image_not_square(submission, reference, rng):
    """Handles wide and high images."""
    cases = [(whole(rng, 1, h, w, 1), kernel(rng, 2, 2), NO_BIAS) for h, w in ((3, 6), (6, 3), (2, 5))]
    assert_same(submission.conv2d, reference.conv2d, *cases)


@pytest.mark.criterion("shapes")
def test_conv_kernel_not_square(submission, reference, rng):
    """Handles wide and high kernels."""
    cases = [(image(rng, 5), kernel(rng, kh, kw), NO_BIAS) for kh, kw in ((1, 3), (3, 1), (5, 2))]
    assert_same(submission.conv2d, reference.conv2d, *cases)


@pytest.mark.criterion("padding")
def test_conv_padding(submission, reference, rng):
    """Puts an integer number of zeros on every side: 0, 1, 2, or more than the kernel size."""
    by_hand = square(5), np.ones((1, 1, 1, 1)), NO_BIAS, 1, 1
    cases = [
        (*plain(rng, size, k), 1, padding)
        for size, k, padding in ((3, 2, 0), (3, 2, 1), (3, 3, 2), (2, 2, 3), (2, 3, 1))
    ]
    because = "With padding 1, one pixel 5 becomes 5 in a frame of eight zeros."
    assert_same(submission.conv2d, reference.conv2d, by_hand, *cases, because=because)


@pytest.mark.criterion("same")
def test_conv_same(submission, reference, rng):
    """Keeps the size with padding "same"."""
    by_hand = np.ones((1, 3, 3, 1)), np.ones((3, 3, 1, 1)), NO_BIAS, 1, "same"
    cases = [(*plain(rng, size, k), 1, "same") for size, k in ((4, 3), (6, 5), (3, 1), (2, 3))]
    because = "For ones only, a corner sees 4 ones and 5 zeros, the centre 9 ones."
    assert_same(submission.conv2d, reference.conv2d, by_hand, *cases, because=because)


@pytest.mark.criterion("same")
def test_conv_same_even_kernel(submission, reference, rng):
    """Puts the odd zero at the end for kernels of even size."""
    by_hand = np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 1)), NO_BIAS, 1, "same"
    cases = [(*plain(rng, size, k), 1, "same") for size, k in ((3, 2), (5, 4))]
    because = "For ones only, the first window sees 4 ones: the zeros are at the bottom and on the right."
    assert_same(submission.conv2d, reference.conv2d, by_hand, *cases, because=because)


@pytest.mark.criterion("combined")
def test_conv_same_and_stride(submission, reference, rng):
    """Returns ceil(H / stride) rows with padding "same" and a larger stride."""
    by_hand = np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1)), NO_BIAS, 2, "same"
    sizes = (5, 3, 2), (6, 3, 2), (6, 3, 3), (3, 2, 2), (5, 1, 3)
    cases = [(*plain(rng, size, k), stride, "same") for size, k, stride in sizes]
    because = "For 3 x 3 ones, 2 x 2 ones and stride 2, ceil(3 / 2) = 2 windows per axis: 4 2 / 2 1."
    assert_same(submission.conv2d, reference.conv2d, by_hand, *cases, because=because)


@pytest.mark.criterion("combined")
def test_conv_everything(submission, reference, rng):
    """Is right for any sizes, strides and paddings together, and for any memory layout."""
    cases = [
        (*mixed(rng, h=h, w=w, kh=kh, kw=kw), stride, padding)
        for h, w, kh, kw, stride, padding in (
            (7, 6, 3, 2, 1, "valid"),
            (6, 7, 2, 3, (2, 1), "same"),
            (6, 7, 2, 4, (1, 2), "same"),
            (5, 6, 3, 2, 2, 1),
            (5, 6, 2, 3, (2, 1), 1),
            (6, 5, 2, 3, 2, 0),
            (6, 5, 1, 3, 1, "same"),
            (70, 3, 3, 2, 1, 2),
            (3, 60, 2, 3, 1, "valid"),
        )
    ]
    assert_same(submission.conv2d, reference.conv2d, *cases)
    x, w, b = mixed(rng)
    assert_same(submission.conv2d, reference.conv2d, (np.asfortranarray(x), w, b), because=SAME_NUMBERS)


@pytest.mark.criterion("unchanged")
def test_conv_inputs_unchanged(submission, reference, rng):
    """Does not change the image, the kernels or the bias."""
    case = plain(rng, 3, 1)
    for written in arguments_to_keep(rng):
        assert_inputs_unchanged(submission.conv2d, *written)
    assert_unchanged_for_several(submission.conv2d, *plain(rng, 3, 2, channels=2, filters=3))
    assert_same(submission.conv2d, reference.conv2d, case)


@pytest.mark.criterion("empty")
def test_conv_empty(submission, reference, rng):
    """Returns an empty output if the kernel is one row and column too large."""
    cases = [plain(rng, 2, k) for k in (2, 3)]
    because = "A kernel of 3 fits on 2 pixels at 0 positions."
    assert_same(submission.conv2d, reference.conv2d, *cases, because=because)


@pytest.mark.criterion("empty")
def test_conv_empty_and_more(submission, reference, rng):
    """Returns an empty output for one empty axis, and with strides, integer padding and channels."""

    def call(h, w, kh, kw, *geometry, n=1, c=1, f=1):
        return (whole(rng, n, h, w, c), kernel(rng, kh, kw, c, f), np.zeros(f), *geometry)

    # An empty output, and the plain call whose mistakes have their own criteria.
    pairs = [
        (call(2, 4, 3, 2), call(3, 4, 3, 2)),
        (call(4, 2, 2, 3), call(4, 3, 2, 3)),
        (call(2, 2, 3, 3, 2), call(3, 3, 3, 3, 2)),
        (call(1, 1, 4, 4, 1, 1), call(1, 1, 3, 3, 1, 1)),
        (call(2, 2, 3, 3, n=2, c=2, f=3), call(3, 3, 3, 3, n=2, c=2, f=3)),
    ]
    right = [case for case, other in pairs if is_right(submission.conv2d, reference.conv2d, other)]
    because = "The kernel is one row or column larger than the padded image: it fits at 0 positions."
    fits = "A kernel of 2 fits on 3 pixels at 2 positions."
    assert_same(submission.conv2d, reference.conv2d, plain(rng, 3, 2), because=fits)
    assert_same(submission.conv2d, reference.conv2d, *right, because=because)


# -------------------------------------------------------------------------------------------- conv2d_backward


def backward_case(rng, size, k, stride=1, padding="valid", channels=1, filters=1, images=1):
    """Return dy, x, w, stride and padding for a plain image and kernel."""
    x, w, _ = plain(rng, size, k, channels, filters, images)
    return gradient(rng, x, w, stride, padding), x, w, stride, padding


def gradient(rng, x, w, stride, padding):
    """Return a dy with the shape of the output."""
    strides = stride if isinstance(stride, tuple) else (stride, stride)
    zeros = 0 if padding == "valid" else padding
    outputs = [
        -(-n // s) if padding == "same" else (n + 2 * zeros - k) // s + 1
        for n, k, s in zip(x.shape[1:3], w.shape[:2], strides, strict=True)
    ]
    return whole(rng, len(x), *outputs, w.shape[3])


def signed_gradient(rng, x, w, stride, padding):
    """Return a dy with the shape of the output: fractions with random signs."""
    dy = gradient(rng, x, w, stride, padding)
    return dy * rng.choice([-0.25, 0.25], size=dy.shape)


def assert_gradients(submission, reference, names, *cases, because=""):
    """Compare the named gradients with ours, and no others: a mistake in one of them costs its own points."""
    for got, case in zip(submission.conv2d_backward.map(cases), cases, strict=True):
        wanted = dict(zip(("dx", "dw", "db"), reference.conv2d_backward(*case), strict=True))
        for name, part in zip(wanted, got, strict=True):
            if name in names:
                assert_close(part, wanted[name], because=because)


def picture_cases(rng):
    """Return the picture with a gradient of ones, then with one that differs from place to place."""
    return (np.ones((1, 2, 2, 1)), PICTURE, KERNEL), (whole(rng, 1, 2, 2, 1), PICTURE, KERNEL)


@pytest.mark.criterion("backward-image")
def test_backward_dx_by_hand(submission, reference, rng):
    """Sums the gradients that all windows send back to a pixel."""
    because = (
        "All four windows cover the centre, each with a different weight: for dy of ones it gets 6 = 0 + 1 + 2 + 3."
    )
    assert_gradients(submission, reference, {"dx"}, *picture_cases(rng), because=because)


@pytest.mark.criterion("backward-image")
def test_backward_dx_channels(submission, reference, rng):
    """Sends the gradients of all filters back to every channel."""
    cases = [backward_case(rng, 3, 2, channels=c, filters=f) for c, f in ((2, 1), (1, 2), (3, 2))]
    assert_gradients(submission, reference, {"dx"}, *cases)


@pytest.mark.criterion("backward-images")
def test_backward_dx_images(submission, reference, rng):
    """Sends to each image the gradients of its own outputs."""
    cases = [backward_case(rng, 3, 1, images=n) for n in (2, 7)]
    assert_gradients(submission, reference, {"dx"}, *cases)


@pytest.mark.criterion("backward-kernels")
def test_backward_dw_by_hand(submission, reference, rng):
    """Sums, for every weight, the pixels that it was multiplied by."""
    because = "The weight (0, 0) was multiplied by 0, 1, 3 and 4: for dy of ones its gradient is 8 = 0 + 1 + 3 + 4."
    assert_gradients(submission, reference, {"dw"}, *picture_cases(rng), because=because)


@pytest.mark.criterion("backward-kernels")
def test_backward_dw_channels(submission, reference, rng):
    """Keeps the weights of all channels and filters apart."""
    cases = [backward_case(rng, 3, 1, channels=c, filters=f) for c, f in ((2, 1), (1, 2), (3, 2))]
    assert_gradients(submission, reference, {"dw"}, *cases)


@pytest.mark.criterion("backward-images")
def test_backward_dw_images(submission, reference, rng):
    """Sums over the images, and does not average."""
    cases = [backward_case(rng, 3, 1, channels=2, images=n) for n in (2, 7)]
    assert_gradients(submission, reference, {"dw"}, *cases)


@pytest.mark.criterion("backward-bias")
def test_backward_db(submission, reference, rng):
    """Gives each bias the sum of the gradients of its filter."""
    cases = (np.ones((1, 2, 2, 1)), PICTURE, KERNEL), *(backward_case(rng, 3, 1, filters=f) for f in (1, 3))
    assert_gradients(submission, reference, {"db"}, *cases, because="For 2 x 2 outputs and dy of ones, db is 4.")


@pytest.mark.criterion("backward-images")
def test_backward_db_images(submission, reference, rng):
    """Sums the gradient of the bias over the images, and does not average."""
    cases = [backward_case(rng, 2, 1, filters=f, images=n) for f, n in ((1, 3), (2, 7))]
    assert_gradients(submission, reference, {"db"}, *cases, because="For 3 images of 2 x 2 and dy of ones, db is 12.")


@pytest.mark.criterion("backward-stride")
def test_backward_stride(submission, reference, rng):
    """Sends gradients back to the windows of the forward pass, even if there are gaps between them."""
    because = "For a 1 x 1 kernel and stride 2, rows and columns 1, 3, 5, ... get nothing."
    gaps = square(1, 2, 2, 3), image(rng, 3), np.full((1, 1, 1, 1), 5.0), 2
    cases = [backward_case(rng, size, 1, stride) for size, stride in ((3, 2), (4, 3), (6, 2))]
    assert_gradients(submission, reference, {"dx", "dw"}, gaps, *cases, because=because)
    side_by_side = [backward_case(rng, size, 2, stride) for size, stride in ((4, 2), (6, 3))]
    assert_gradients(submission, reference, {"dx"}, *side_by_side)


@pytest.mark.criterion("backward-stride")
def test_backward_stride_pair(submission, reference, rng):
    """Takes the first number of a pair for rows and the second for columns in the gradients."""
    cases = [backward_case(rng, 5, 1, stride) for stride in ((2, 1), (1, 2), (1, 4))]
    because = "The first number of the stride is for rows."
    assert_gradients(submission, reference, {"dx", "dw"}, *cases, because=because)


@pytest.mark.criterion("backward-padding")
def test_backward_padding_zero(submission, reference, rng):
    """Returns dx in the shape of x with padding 0."""
    cases = [backward_case(rng, size, 1, 1, 0) for size in (2, 3)]
    assert_gradients(submission, reference, {"dx"}, *cases, because="With padding 0, nothing is cropped.")


@pytest.mark.criterion("backward-padding")
def test_backward_padding(submission, reference, rng):
    """Crops exactly the padding from dx: 1 and 2."""
    cases = [backward_case(rng, size, 1, 1, padding) for size, padding in ((3, 1), (2, 2))]
    assert_gradients(
        submission, reference, {"dx"}, *cases, because="The gradient of a zero outside the picture is cropped."
    )


@pytest.mark.criterion("backward-padding")
def test_backward_same(submission, reference, rng):
    """Crops the zeros of padding "same" from dx, even if there is one more at the end."""
    cases = []
    for size, k in ((3, 3), (3, 2)):
        dy, *others = backward_case(rng, size, k, 1, "same")
        dy[:, :-1] = dy[:, :, :-1] = 0  # only the last window sends something back, so no windows overlap
        cases.append((dy, *others))
    assert_gradients(submission, reference, {"dx"}, *cases, because="The odd zero is at the end.")


@pytest.mark.criterion("backward-combined")
def test_backward_not_square(submission, reference, rng):
    """Handles images and kernels that are not square."""
    cases = []
    for h, w, kh, kw in ((3, 5, 2, 2), (5, 3, 2, 2), (4, 4, 1, 3), (4, 4, 3, 2)):
        x, weights = whole(rng, 1, h, w, 1), whole(rng, kh, kw, 1, 1)
        cases.append((gradient(rng, x, weights, 1, "valid"), x, weights))
    assert_gradients(submission, reference, {"dx", "dw"}, *cases)


@pytest.mark.criterion("backward-combined")
def test_backward_everything(submission, reference, rng):
    """Returns the right dx and dw for any sizes, strides and paddings together."""
    cases = []
    for h, w, kh, kw, stride, padding in (
        (6, 7, 3, 3, 2, 2),
        (6, 5, 3, 3, 2, "same"),
        (6, 5, 1, 1, 3, "same"),
        (6, 7, 2, 4, 1, "same"),
        (6, 7, 2, 3, (2, 1), "same"),
        (7, 6, 3, 2, (1, 2), 1),
        (6, 5, 1, 3, 1, "same"),
        (2, 2, 3, 3, 1, 1),
        (6, 5, 2, 2, 3, 0),
        (40, 3, 3, 2, 1, 0),
        (4, 5, 3, 2, 1, 3),
        (3, 4, 1, 1, 1, 1),
        (3, 7, 5, 3, 1, "same"),
    ):
        x, weights, _ = mixed(rng, n=1, h=h, w=w, kh=kh, kw=kw)
        cases.append((signed_gradient(rng, x, weights, stride, padding), x, weights, stride, padding))
    assert_gradients(submission, reference, {"dx", "dw"}, *cases)
    several = []
    for h, w, kh, kw, stride, padding in ((6, 5, 3, 2, 2, 1), (5, 6, 2, 3, (1, 2), "same")):
        x, weights, _ = mixed(rng, h=h, w=w, kh=kh, kw=kw)
        several.append((signed_gradient(rng, x, weights, stride, padding), x, weights, stride, padding))
    try:  # several images, and db of several filters, have their own criteria
        alone = backward_case(rng, 3, 1, channels=2, filters=3, images=2)
        assert_gradients(submission, reference, {"dx", "dw", "db"}, alone)
    except CheckFailedError:
        return
    assert_gradients(submission, reference, {"dx", "dw", "db"}, *several)


@pytest.mark.criterion("backward-unchanged")
def test_backward_inputs_unchanged(submission, reference, rng):
    """Does not change the gradient, the image or the kernels."""
    case = backward_case(rng, 3, 1)
    for x, w, _, *geometry in arguments_to_keep(rng):
        dy = gradient(rng, x, w, *(geometry or (1, "valid")))
        assert_inputs_unchanged(submission.conv2d_backward, dy, x, w, *geometry)
    x, w, _ = plain(rng, 3, 2, channels=2, filters=3)
    assert_unchanged_for_several(submission.conv2d_backward, gradient(rng, x, w, 1, "valid"), x, w)
    assert_gradients(submission, reference, {"dx"}, case)


# ------------------------------------------------------------------------------------------------ conv2d_fast


@pytest.mark.criterion("fast")
def test_fast_by_hand(submission, reference, rng):
    """Applies the kernel as given, like conv2d."""
    assert_same(
        submission.conv2d_fast,
        reference.conv2d,
        (PICTURE, KERNEL, NO_BIAS),
        (whole(rng, 1, 3, 3, 1), whole(rng, 2, 2, 1, 1), NO_BIAS),
        because="For the image 0 to 8 and the kernel 0 1 / 2 3: 19 = 0*0 + 1*1 + 3*2 + 4*3.",
    )


@pytest.mark.criterion("fast")
def test_fast_channels(submission, reference, rng):
    """Keeps images, channels and filters apart."""
    cases = [
        plain(rng, 3, 2, channels=c, filters=f, images=n) for c, f, n in ((4, 1, 1), (1, 3, 1), (1, 1, 7), (3, 5, 2))
    ]
    assert_same(submission.conv2d_fast, reference.conv2d, *cases)


@pytest.mark.criterion("fast")
def test_fast_bias(submission, reference, rng):
    """Adds the bias of a filter once to each of its outputs, like conv2d."""
    because = "For an image of zeros only the bias of each filter is left."
    assert_same(submission.conv2d_fast, reference.conv2d, *bias_cases(rng), because=because)


@pytest.mark.criterion("fast-stride")
def test_fast_stride(submission, reference, rng):
    """Moves the windows by the stride, and leaves out those that fit only partly."""
    cases = [
        (*plain(rng, size, k), stride) for size, k, stride in ((4, 2, 2), (5, 3, 2), (5, 2, 2), (6, 1, 5), (3, 2, 4))
    ]
    assert_same(submission.conv2d_fast, reference.conv2d, *cases, because="Window i starts at i times the stride.")


@pytest.mark.criterion("fast-stride")
def test_fast_stride_pair(submission, reference, rng):
    """Takes the first number of a pair for rows and the second for columns, like conv2d."""
    cases = [(*plain(rng, 5, 1), stride) for stride in ((2, 1), (1, 2), (1, 4))]
    assert_same(submission.conv2d_fast, reference.conv2d, *cases, because="The first number of the stride is for rows.")


@pytest.mark.criterion("fast-padding")
def test_fast_padding(submission, reference, rng):
    """Puts an integer number of zeros on every side, like conv2d."""
    cases = [
        (*plain(rng, size, k), 1, padding)
        for size, k, padding in ((3, 2, 0), (3, 2, 1), (2, 2, 3), (2, 3, 1), (3, 1, 1))
    ]
    assert_same(submission.conv2d_fast, reference.conv2d, *cases)


@pytest.mark.criterion("fast-padding")
def test_fast_same(submission, reference, rng):
    """Keeps the size with padding "same", and puts the odd zero at the end."""
    cases = [(*plain(rng, size, k), 1, "same") for size, k in ((4, 3), (3, 2), (3, 1), (3, 3))]
    assert_same(submission.conv2d_fast, reference.conv2d, *cases)


@pytest.mark.criterion("fast-combined")
def test_fast_everything(submission, reference, rng):
    """Is right for any sizes, strides and paddings together, like conv2d."""
    cases = [
        (*mixed(rng, kh=kh, kw=kw), stride, padding)
        for stride, padding, kh, kw in (
            (1, "valid", 3, 2),
            ((2, 1), "same", 3, 2),
            (2, 1, 3, 3),
            (2, 0, 2, 3),
            (1, "same", 1, 3),
            (2, "same", 3, 3),
            ((2, 1), 2, 2, 3),
            (3, "same", 2, 4),
            (3, "same", 1, 1),
        )
    ]
    assert_same(submission.conv2d_fast, reference.conv2d, *cases)
    x, w, b = mixed(rng)
    case = np.asfortranarray(x), np.asfortranarray(w), b
    assert_same(submission.conv2d_fast, reference.conv2d, case, because=SAME_NUMBERS)


@pytest.mark.criterion("fast-unchanged")
def test_fast_inputs_unchanged(submission, reference, rng):
    """Does not change the image, the kernels or the bias in conv2d_fast."""
    case = plain(rng, 3, 1)
    for written in arguments_to_keep(rng):
        assert_inputs_unchanged(submission.conv2d_fast, *written)
    assert_unchanged_for_several(submission.conv2d_fast, *plain(rng, 3, 2, channels=2, filters=3))
    assert_same(submission.conv2d_fast, reference.conv2d, case)


# Processor time on one image of 64 x 64 and a 3 x 3 kernel, divided by that of the reference, which needs 0.14 to
# 0.25 ms. A learner's time includes 0.2 ms in which its process reads the image and sends the output. Measured on two
# cores with up to eleven busy processes; each line: shortest of 40 rounds, longest after the first.
#   2 to 7:      a loop over the kernel's weights, rows of a matrix, einsum
#   10 to 24:    a loop over the rows of the output
#   25:          the limit
#   57 to 130:   a loop over the pixels of the output, with one product of matrices for each
#   110 to 660:  other loops over pixels, and over the weights or the filters too
LIMIT = 25


@pytest.mark.criterion("speed")
def test_fast_is_fast(submission, reference, rng):
    """Takes at most 25 times as long as the reference on an image of 64 x 64."""

    first = plain(rng, 64, 3)
    images = chain([first], (plain(rng, 64, 3) for _ in count()))
    if not is_fast(submission.conv2d_fast, reference.conv2d_fast, lambda: next(images), limit=LIMIT):
        fail(
            None,
            f"conv2d_fast takes more than {LIMIT} times as long as the reference",
            f"at most {LIMIT} times",
            f"for {submission.conv2d_fast.describe(*first)}\nIs there a Python loop over pixels?",
            reason=Reason.TOO_SLOW,
        )


# ------------------------------------------------------------------------------------------------------ bonus


@pytest.mark.criterion("dilation")
def test_dilated(submission, reference, rng):
    """Spreads the elements of the kernel by the dilation."""
    by_hand = PICTURE, np.ones((2, 2, 1, 1)), NO_BIAS, 1, "valid", 2
    x, w, b = mixed(rng, h=9, w=8)
    geometries = (1, "valid", 2), (2, "same", (1, 2)), (1, 1, (3, 1)), (1, "valid", 1), ()
    cases = [(x, w, b, *geometry) for geometry in geometries]
    assert_inputs_unchanged(submission.conv2d_dilated, *cases[1])
    because = "For the image 0 to 8, a 2 x 2 kernel of ones and dilation 2: 16 = 0 + 2 + 6 + 8, the four corners."
    assert_same(submission.conv2d_dilated, reference.conv2d_dilated, by_hand, *cases, because=because)


@pytest.mark.criterion("groups")
def test_grouped(submission, reference, rng):
    """Gives each group its own channels and filters."""
    two = (
        np.array([1.0, 10.0]).reshape(1, 1, 1, 2),
        np.array([2.0, 3.0]).reshape(1, 1, 1, 2),
        np.zeros(2),
        1,
        "valid",
        2,
    )
    x, b = rng.normal(size=(2, 5, 6, 6)), rng.normal(size=12) + 5
    cases = [(x, rng.normal(size=(3, 2, 6 // groups, 12)), b, (2, 1), "same", groups) for groups in (1, 2, 3, 6)]
    cases.append((x, rng.normal(size=(3, 2, 6, 12)), b))
    assert_inputs_unchanged(submission.conv2d_grouped, *cases[1])
    because = "For one pixel with the channels 1 and 10, two groups and the weights 2 and 3: 1*2 = 2 and 10*3 = 30."
    assert_same(submission.conv2d_grouped, reference.conv2d_grouped, two, *cases, because=because)
