"""Hidden checks of exercise 2. No image has ties in a window of a maximum, so no convention about them costs a point.

A check varies what its criterion is about and switches off the rest: one image, one channel, square windows, positive
numbers, and one window if the stride is not its matter. Constant windows have the same maximum as mean.
"""

import numpy as np
import pytest

from grader.checks import CheckFailedError, assert_close, assert_inputs_unchanged, assert_shape

ORDER = "The memory layout of an array does not matter: x[n, i, j, c] is the same number."
NOT_NAMED = "a frequent mistake without a name: the stride or the default stride is forgotten on the way back"
DESTROYS = "not a frequent mistake, but it destroys data of the caller"


def distinct(rng, *shape):
    """Return different positive whole numbers, with gaps, so that they do not follow from their order."""
    count = int(np.prod(shape))
    return (rng.permutation(count) * 2.0 + rng.integers(1, 3, size=count)).reshape(shape)


def square(rng, n):
    return distinct(rng, 1, n, n, 1)


def picture(*rows):
    """Return one image with one channel."""
    return np.array(rows, dtype=float).reshape(1, len(rows), -1, 1)


def blocks(rng, n, count=2):
    """Return `count` x `count` constant blocks of n x n pixels, and the image with one pixel for each block."""
    small = square(rng, count) + 1
    return small.repeat(n, axis=1).repeat(n, axis=2), small


def window(rng, height, width, pixel):
    """Return an image in which this pixel is the largest, counted in reading order."""
    numbers = distinct(rng, height * width)
    largest = numbers.argmax()
    numbers[pixel], numbers[largest] = numbers[largest], numbers[pixel]
    return numbers.reshape(1, height, width, 1)


def constant_window_and_more(rng):
    """Return a 3 x 3 image with equal numbers at the top left, 2 x 2, and other numbers next to them."""
    x = square(rng, 3)
    x[:, :2, :2] = x[0, 0, 0, 0]
    return x


def large_in_the_gap(rng):
    """Return a 5 x 5 image with a large number in the middle, which no window of 2 x 2 sees if the stride is 3."""
    x = square(rng, 5)
    x[0, 2, 2, 0] = 1000
    return x


def constant(rng, n):
    return np.full((1, n, n, 1), float(rng.integers(3, 900)))


def assert_all_close(function, right, cases, because="", hand=()):
    """Ask for all cases in one frame, and compare each answer with the right one.

    `hand` holds cases that are worked by hand: the arguments, the right answer, and the reason.
    """
    known = [(wanted, reason) for _, wanted, reason in hand]
    answers = function.map([*(arguments for arguments, _, _ in hand), *cases])
    for wanted, reason in [*known, *((right(*case), because) for case in cases)]:
        assert_close(next(answers), wanted, because=reason)


def is_right(function, right, case):
    """Return True if the answer to a call is right. Then a harder call is judged alone."""
    try:
        assert_close(function(*case), right(*case))
    except CheckFailedError:
        return False
    return True


def assert_same_without_padding(function, right, small, large):
    """Fail if padding "same" is wrong when windows leave gaps, although each of the two is right alone.

    `small` is a call with padding "same" and stride 1, `large` one with gaps between the windows.
    """
    if is_right(function, right, (*small, "same")) and is_right(function, right, large):
        assert_all_close(function, right, [(*large, "same")], "Nothing is missing, so no zeros are added.")


def assert_unchanged_with_padding(function, *case):
    """Fail if a function writes into its arguments when it pads. Padding itself has its own criterion."""
    if function.raised_by(*case) is None:
        assert_inputs_unchanged(function, *case)


def gradient(rng, pool, x, *arguments):
    """Return a gradient of whole numbers with the shape of the output of the forward pass; none of them is 0."""
    shape = pool(x, *arguments).shape
    return rng.integers(2, 20, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def with_gradients(rng, pool, cases):
    return [(gradient(rng, pool, *case), *case) for case in cases]


# The shapes and arguments of images for which everything varies at once. The first image is in Fortran order.
TOGETHER = (
    ((2, 6, 5, 3),),
    ((1, 8, 5, 2), 2, 3),
    ((3, 9, 20, 3), (3, 2), 2),
    ((1, 70, 3, 1), 2, 1),
    ((1, 6, 9, 2), (3, 4)),
    ((2, 5, 7, 3), 2, None, "same"),
    ((1, 6, 7, 1), (5, 4), (1, 3), "same"),
    ((1, 5, 4, 2), (3, 2), (2, 1), "same"),
    ((2, 5, 6, 2), 3, 2, 1),
    ((1, 7, 5, 1), (4, 3), (2, 3), 2),
    ((2, 8, 7, 1), 3, 2),
    ((1, 5, 7, 2), 2, (1, 2)),
    ((1, 4, 6, 2), 2, None, 1),
    ((1, 4, 4, 1), 1, 2),
    ((1, 7, 6, 1), 1, 3),
    ((1, 8, 7, 1), 2, 5),
    ((1, 5, 4, 1), 2, (2, 1)),
    ((1, 3, 3, 1), 3, 1, "same"),
    ((1, 3, 3, 1), 5, 1, "same"),
    ((1, 6, 5, 1), 2, 3, 1),
    ((1, 4, 5, 1), 4, 2, 3),
)


def together(rng):
    """Return calls of the forward pass: those with an image in Fortran order, and the others."""
    cases = [(distinct(rng, *shape) / 4, *arguments) for shape, *arguments in TOGETHER]
    return [(np.asfortranarray(cases[0][0]),)], cases[1:]


# ------------------------------------------------------------------------------------------------ max_pool2d


@pytest.mark.criterion("max-windows")
def test_max_window(submission, reference, rng):
    """Finds the largest number of a window of 2 x 2 pixels."""
    hand = [((picture([1, 3], [5, 7]), 2, 2), [[[[7]]]], "7 is the largest of 1, 3, 5, 7")]
    cases = [(window(rng, 2, 2, pixel), 2, 2) for pixel in range(3)]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases, hand=hand)


@pytest.mark.criterion("max-windows")
def test_max_negative(submission, reference, rng):
    """Finds the largest number of a window if no number is positive."""
    hand = [((picture([-4, -3], [-2, -1.5]), 2, 2), [[[[-1.5]]]], "-1.5 is the largest of -4, -3, -2, -1.5")]
    hand.append(((picture([-4, 0], [-2, -1]), 2, 2), [[[[0]]]], "0 is the largest of -4, 0, -2, -1"))
    cases = [(-square(rng, 2), 2, 2)]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases, "All pixels are negative.", hand)


@pytest.mark.criterion("max-windows")
def test_max_size(submission, reference, rng):
    """Finds the largest number of a window of any size."""
    cases = [(window(rng, 3, 3, 2), 3, 3), (window(rng, 3, 3, 6), 3, 3), (window(rng, 4, 4, 15), 4, 4)]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases, "The window is as large as the image.")


@pytest.mark.criterion("max-channels")
def test_max_channels(submission, rng):
    """Returns one number for each channel of each image."""
    numbers = distinct(rng, 3, 1, 1, 2) + 1
    x = numbers.repeat(2, axis=1).repeat(2, axis=2)
    because = "Each channel of each image is constant here: its maximum is that number."
    assert_close(submission.max_pool2d(x, 2, 2), numbers, because=because)


@pytest.mark.criterion("max-stride")
def test_max_default_stride(submission, rng):
    """Moves the window by its own size if no stride is given."""
    (first, two), (second, three) = blocks(rng, 2), blocks(rng, 3)
    got = submission.max_pool2d.map([(first,), (second, 3)])
    for y, wanted in zip(got, (two, three), strict=True):
        assert_close(y, wanted, because="The default stride is the size. Each window here is constant.")


@pytest.mark.criterion("max-stride")
def test_max_overlap(submission, reference, rng):
    """Moves the window by 1 if the stride is 1, so that windows overlap."""
    cases = [(square(rng, 3), 2, 1), (square(rng, 4), 3, 1)]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases)


@pytest.mark.criterion("max-stride")
def test_max_stride(submission, reference, rng):
    """Moves the window by the stride, which may be larger than the window."""
    cases = [(square(rng, 4), 2, 2), (large_in_the_gap(rng), 2, 3)]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases)


@pytest.mark.criterion("max-partial")
def test_max_partial_windows(submission, reference, rng):
    """Leaves out windows that do not fit completely."""
    cases = [(constant_window_and_more(rng), 2, 2), (constant_window_and_more(rng), 2, 2)]
    because = "Only the window at the top left is completely inside the image: (3 - 2) // 2 + 1 = 1."
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases, because)


@pytest.mark.criterion("max-padding")
def test_max_padding_never_wins(submission, rng):
    """Never returns a padded value, even if all pixels are negative."""
    images = [-constant(rng, 2), -constant(rng, 1), np.zeros((1, 2, 2, 1)), -1e30 * constant(rng, 2)]
    arguments = ((4, 4, 1), (2, 2, "same"), (4, 4, 1), (4, 4, 1))
    got = submission.max_pool2d.map([(x, *more) for x, more in zip(images, arguments, strict=True)])
    for x, y in zip(images, got, strict=True):
        wanted = x[:, :1, :1]
        assert_close(y, wanted, because=f"The window covers the image and its padding. All pixels are {x.max():g}.")


@pytest.mark.criterion("max-padding")
def test_max_same(submission, reference, rng):
    """Pads with "same" so that stride 1 returns as many rows and columns as the image has."""
    cases = [(square(rng, 3), 2, 1, "same"), (square(rng, 4), 3, 1, "same"), (square(rng, 6), 3, 3, "same")]
    because = "A window of even size needs an odd number of rows: the odd one is at the bottom."
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases, because)
    gaps = square(rng, 8), 2, 4
    assert_same_without_padding(submission.max_pool2d, reference.max_pool2d, (square(rng, 3), 2, 1), gaps)


@pytest.mark.criterion("max-padding")
def test_max_integer_padding(submission, reference, rng):
    """Pads every side by an integer."""
    cases = [(square(rng, 3), 2, 1, 1), (square(rng, 3), 2, 1, 0)]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases)


@pytest.mark.criterion("max-shapes")
def test_max_image_not_square(submission, reference, rng):
    """Handles images that are not square."""
    cases = [(distinct(rng, 1, 2, 6, 1), 2, 2), (distinct(rng, 1, 6, 4, 1), 2, 2)]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases)


@pytest.mark.criterion("max-shapes")
def test_max_window_not_square(submission, reference, rng):
    """Handles windows that are not square."""
    cases = [(window(rng, 3, 2, 5), (3, 2), (3, 2)), (window(rng, 2, 3, 5), (2, 3), (2, 3))]
    because = "There is one window, as large as the image. The first number of a pair is for rows."
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases, because)


@pytest.mark.criterion("max-shapes")
def test_max_stride_pair(submission, reference, rng):
    """Handles a stride that differs for rows and columns."""
    cases = [(square(rng, 4), 2, (1, 2)), (square(rng, 4), 2, (2, 1))]
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases, "The first number of a pair is for rows.")


@pytest.mark.criterion("max-shapes")
def test_max_together(submission, reference, rng):
    """Combines sizes, strides and paddings for images of any shape."""
    in_fortran_order, cases = together(rng)
    assert_all_close(submission.max_pool2d, reference.max_pool2d, cases)
    assert_all_close(submission.max_pool2d, reference.max_pool2d, in_fortran_order, ORDER)


@pytest.mark.criterion("max-unchanged")
def test_max_inputs_unchanged(submission, rng):
    """Returns a new array and does not change the image."""
    assert_inputs_unchanged(submission.max_pool2d, square(rng, 4), 2, 2)
    for stride, padding in ((2, 1), (2, "same"), (1, "same")):
        assert_unchanged_with_padding(submission.max_pool2d, square(rng, 3), 2, stride, padding)
    numbers = distinct(rng, 40, 1, 1, 1)[:2]
    x = numbers.repeat(2, axis=1).repeat(2, axis=2)
    assert_close(submission.max_pool2d(x, 2, 2), numbers, because="All pixels of an image are equal here.")


# ------------------------------------------------------------------------------------------------ avg_pool2d


@pytest.mark.criterion("avg-windows")
def test_avg_window(submission, reference, rng):
    """Computes the mean of a window of 2 x 2 pixels."""
    hand = [((picture([0, 0], [0, 8]), 2, 2), [[[[2]]]], "(0 + 0 + 0 + 8) / 4 = 2")]
    cases = [(square(rng, 2), 2, 2), (-square(rng, 2), 2, 2)]
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases, hand=hand)


@pytest.mark.criterion("avg-windows")
def test_avg_size(submission, reference, rng):
    """Computes the mean of a window of any size."""
    cases = [(square(rng, 3), 3, 3), (square(rng, 4), 4, 4)]
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases, "The window is as large as the image.")


@pytest.mark.criterion("avg-channels")
def test_avg_channels(submission, rng):
    """Returns one mean for each channel of each image."""
    numbers = distinct(rng, 3, 1, 1, 2) + 1
    x = numbers.repeat(2, axis=1).repeat(2, axis=2)
    because = "Each channel of each image is constant here: its mean is that number."
    assert_close(submission.avg_pool2d(x, 2, 2), numbers, because=because)


@pytest.mark.criterion("avg-stride")
def test_avg_default_stride(submission, rng):
    """Moves the averaging window by its own size if no stride is given."""
    (first, two), (second, three) = blocks(rng, 2), blocks(rng, 3)
    got = submission.avg_pool2d.map([(first,), (second, 3)])
    for y, wanted in zip(got, (two, three), strict=True):
        assert_close(y, wanted, because="The default stride is the size. Each window here is constant.")


@pytest.mark.criterion("avg-stride")
def test_avg_overlap(submission, reference, rng):
    """Moves the averaging window by 1 if the stride is 1, so that windows overlap."""
    cases = [(square(rng, 3), 2, 1), (square(rng, 4), 3, 1)]
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases)


@pytest.mark.criterion("avg-stride")
def test_avg_stride(submission, reference, rng):
    """Moves the averaging window by the stride, which may be larger than the window."""
    cases = [(square(rng, 4), 2, 2), (large_in_the_gap(rng), 2, 3)]
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases)


@pytest.mark.criterion("avg-partial")
def test_avg_partial_windows(submission, reference, rng):
    """Leaves out averaging windows that do not fit completely."""
    cases = [(constant_window_and_more(rng), 2, 2), (constant_window_and_more(rng), 2, 2)]
    because = "Only the window at the top left is completely inside the image: (3 - 2) // 2 + 1 = 1."
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases, because)


@pytest.mark.criterion("avg-padding")
def test_avg_padding_not_counted(submission, rng):
    """Keeps a constant image constant up to its border."""
    images = [constant(rng, 2), constant(rng, 1), np.zeros((1, 2, 2, 1))]
    arguments = ((4, 4, 1), (2, 2, "same"), (4, 4, 1))
    got = submission.avg_pool2d.map([(x, *more) for x, more in zip(images, arguments, strict=True)])
    for x, y in zip(images, got, strict=True):
        wanted = x[:, :1, :1]
        assert_close(y, wanted, because=f"The window covers the image and its padding. All pixels are {x.max():g}.")


@pytest.mark.criterion("avg-padding")
def test_avg_same(submission, reference, rng):
    """Averages only the real pixels of each window with padding "same"."""
    cases = [(square(rng, 3), 2, 1, "same"), (square(rng, 4), 3, 1, "same"), (square(rng, 6), 3, 3, "same")]
    cases.append((picture([0, 3, 0], [5, 0, 1], [0, 4, 0]), 2, 1, "same"))
    because = "A window of even size needs an odd number of rows: the odd one is at the bottom."
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases, because)
    gaps = square(rng, 8), 2, 4
    assert_same_without_padding(submission.avg_pool2d, reference.avg_pool2d, (square(rng, 3), 2, 1), gaps)


@pytest.mark.criterion("avg-padding")
def test_avg_integer_padding(submission, reference, rng):
    """Averages only the real pixels of each window if every side is padded by an integer."""
    cases = [(square(rng, 3), 2, 1, 1), (square(rng, 3), 2, 1, 0)]
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases)


@pytest.mark.criterion("avg-shapes")
def test_avg_image_not_square(submission, reference, rng):
    """Averages images that are not square."""
    cases = [(distinct(rng, 1, 2, 6, 1), 2, 2), (distinct(rng, 1, 6, 4, 1), 2, 2)]
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases)


@pytest.mark.criterion("avg-shapes")
def test_avg_window_not_square(submission, reference, rng):
    """Averages windows that are not square."""
    cases = [(window(rng, 3, 2, 5), (3, 2), (3, 2)), (window(rng, 2, 3, 5), (2, 3), (2, 3))]
    because = "There is one window, as large as the image. The first number of a pair is for rows."
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases, because)


@pytest.mark.criterion("avg-shapes")
def test_avg_stride_pair(submission, reference, rng):
    """Averages with a stride that differs for rows and columns."""
    cases = [(square(rng, 4), 2, (1, 2)), (square(rng, 4), 2, (2, 1))]
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases, "The first number of a pair is for rows.")


@pytest.mark.criterion("avg-shapes")
def test_avg_together(submission, reference, rng):
    """Combines sizes, strides and paddings when it averages images of any shape."""
    in_fortran_order, cases = together(rng)
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, cases)
    assert_all_close(submission.avg_pool2d, reference.avg_pool2d, in_fortran_order, ORDER)


@pytest.mark.criterion("avg-unchanged")
def test_avg_inputs_unchanged(submission, rng):
    """Returns new means and does not change the image."""
    assert_inputs_unchanged(submission.avg_pool2d, square(rng, 4), 2, 2)
    for stride, padding in ((2, 1), (2, "same"), (1, "same")):
        assert_unchanged_with_padding(submission.avg_pool2d, square(rng, 3), 2, stride, padding)
    numbers = distinct(rng, 40, 1, 1, 1)[:2]
    x = numbers.repeat(2, axis=1).repeat(2, axis=2)
    assert_close(submission.avg_pool2d(x, 2, 2), numbers, because="All pixels of an image are equal here.")


# ----------------------------------------------------------------------------------------- global_avg_pool2d


@pytest.mark.criterion("global-average")
def test_global_average(submission, reference, rng):
    """Returns the mean of all pixels of one map."""
    cases = [(picture([1, 3], [5, 7]),), (distinct(rng, 1, 3, 4, 1),), (distinct(rng, 1, 20, 30, 1),)]
    cases.append((picture([-4, 0], [-2, -1]),))
    reasons = ("4 = (1 + 3 + 5 + 7) / 4", "", "", "-1.75 = (-4 + 0 - 2 - 1) / 4")
    for (x,), because, got in zip(cases, reasons, submission.global_avg_pool2d.map(cases), strict=True):
        assert_close(got, reference.global_avg_pool2d(x), terms=600, because=because)


@pytest.mark.criterion("global-channels")
def test_global_channels(submission, rng):
    """Returns one number for each channel of each image."""
    x = distinct(rng, 3, 1, 1, 2) + 1
    because = "Each map has one pixel here: its mean is that pixel."
    assert_close(submission.global_avg_pool2d(x), x[:, 0, 0], because=because)
    maps = distinct(rng, 2, 2, 3, 2)
    alone = [(maps[n : n + 1, :, :, c : c + 1],) for n in range(2) for c in range(2)]
    *means, together = submission.global_avg_pool2d.map([*alone, (maps,)])
    for mean in means:
        assert_shape(mean, (1, 1))
    because = "Each map alone gives another number: the maps of two images or channels are mixed."
    assert_close(together, np.ravel(means).reshape(2, 2), because=because)


@pytest.mark.criterion("global-unchanged")
def test_global_inputs_unchanged(submission, rng):
    """Returns new means and does not change the maps."""
    assert_inputs_unchanged(submission.global_avg_pool2d, distinct(rng, 1, 2, 3, 1))
    x = rng.integers(3, 900, size=(2, 1, 1, 1)) / 4
    assert_close(submission.global_avg_pool2d(x), x[:, 0, 0], because="Each map has one pixel here.")


# --------------------------------------------------------------------------------------- max_pool2d_backward


@pytest.mark.criterion("max-backward")
def test_max_backward_window(submission, reference, rng):
    """Sends the gradient to the largest pixel of a window, and 0 to the others."""
    because = "7 is the largest: its gradient is 10, the others get 0"
    hand = [((picture([10]), picture([1, 3], [5, 7]), 2, 2), picture([0, 0], [0, 10]), because)]
    images = [(window(rng, 2, 2, 0), 2, 2), (window(rng, 2, 2, 1), 2, 2), (-square(rng, 2), 2, 2)]
    images.append((picture([-1, 0], [-2, -3]), 2, 2))
    cases = with_gradients(rng, reference.max_pool2d, images)
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases, hand=hand)


@pytest.mark.criterion("max-backward")
def test_max_backward_size(submission, reference, rng):
    """Finds the largest pixel of a window of any size."""
    images = [(window(rng, 3, 3, 2), 3, 3), (window(rng, 4, 4, 15), 4, 4)]
    cases = with_gradients(rng, reference.max_pool2d, images)
    because = "The window is as large as the image."
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases, because)


@pytest.mark.criterion("max-backward-overlap")
def test_max_backward_overlap(submission, reference, rng):
    """Sums the gradients of a pixel that is the largest in several windows."""
    image, dy = picture([1, 3, 2], [4, 9, 5], [7, 6, 8]), picture([10, 1], [2, 3])
    because = "9 is the largest of all four windows: 16 = 10 + 1 + 2 + 3"
    hand = [((dy, image, 2, 1), picture([0, 0, 0], [0, 16, 0], [0, 0, 0]), because)]
    cases = with_gradients(rng, reference.max_pool2d, [(window(rng, 4, 4, 5), 2, 1)])
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases, hand=hand)


@pytest.mark.criterion("max-backward-stride")
def test_max_backward_stride(submission, reference, rng):
    """Moves windows of one pixel by the stride of the forward pass."""
    images = [(np.ones((1, 3, 3, 1)), 1, 2), (np.ones((1, 4, 4, 1)), 1, 3)]
    cases = with_gradients(rng, reference.max_pool2d, images)
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases)


@pytest.mark.criterion("max-backward-padding")
def test_max_backward_padding_never_wins(submission, reference, rng):
    """Sends no gradient into the padding, even if all pixels are negative."""
    x = square(rng, 2)
    images = [(-x, 4, 4, 1), (-square(rng, 1), 2, 2, "same"), (-1e30 * x, 4, 4, 1)]
    cases = with_gradients(rng, reference.max_pool2d, images)
    because = "All pixels are negative. The largest pixel wins, not the padding."
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases, because)


@pytest.mark.criterion("max-backward-padding")
def test_max_backward_same(submission, reference, rng):
    """Returns the shape of the image with padding "same"."""
    images = [(square(rng, 3), 2, 2, "same"), (square(rng, 5), 3, 3, "same"), (square(rng, 6), 3, 3, "same")]
    cases = with_gradients(rng, reference.max_pool2d, images)
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases)
    small, gaps = with_gradients(rng, reference.max_pool2d, [(square(rng, 3), 2, 1, "same"), (square(rng, 8), 2, 4)])
    function, right = submission.max_pool2d_backward, reference.max_pool2d_backward
    assert_same_without_padding(function, right, small[:-1], gaps)


@pytest.mark.criterion("max-backward-padding")
def test_max_backward_integer_padding(submission, reference, rng):
    """Returns the shape of the image with integer padding, which may be 0."""
    images = [(square(rng, 4), 2, 2, 1), (square(rng, 4), 2, 2, 0)]
    cases = with_gradients(rng, reference.max_pool2d, images)
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases)


@pytest.mark.criterion("max-backward-shapes")
def test_max_backward_together(submission, reference, rng):
    """Combines sizes, strides and paddings for gradients of images of any shape."""
    in_fortran_order, cases = (with_gradients(rng, reference.max_pool2d, images) for images in together(rng))
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, cases)
    assert_all_close(submission.max_pool2d_backward, reference.max_pool2d_backward, in_fortran_order, ORDER)


@pytest.mark.criterion("max-backward-unchanged")
def test_max_backward_inputs_unchanged(submission, reference, rng):
    """Returns new gradients and does not change dy or x."""
    dy, x = rng.integers(2, 20, size=(1, 2, 2, 1)) * 1.0, np.ones((1, 3, 3, 1))
    assert_inputs_unchanged(submission.max_pool2d_backward, distinct(rng, 1, 2, 2, 1), square(rng, 4), 2, 2)
    for padding in (1, "same"):
        case = distinct(rng, 1, 2, 2, 1), square(rng, 3), 2, 2, padding
        assert_unchanged_with_padding(submission.max_pool2d_backward, *case)
    assert_unchanged_with_padding(submission.max_pool2d_backward, square(rng, 3), square(rng, 3), 2, 1, "same")
    wanted = np.zeros(x.shape)
    wanted[:, ::2, ::2] = dy
    because = "A window of one pixel gives that pixel the whole gradient."
    assert_close(submission.max_pool2d_backward(dy, x, 1, 2), wanted, because=because)


# --------------------------------------------------------------------------------------- avg_pool2d_backward


@pytest.mark.criterion("avg-backward")
def test_avg_backward_window(submission, reference, rng):
    """Shares the gradient equally among the pixels of a window."""
    hand = [((picture([10]), picture([1, 3], [5, 7]), 2, 2), picture([2.5, 2.5], [2.5, 2.5]), "2.5 = 10 / 4")]
    cases = with_gradients(rng, reference.avg_pool2d, [(square(rng, 2), 2, 2)])
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases, hand=hand)


@pytest.mark.criterion("avg-backward")
def test_avg_backward_size(submission, reference, rng):
    """Shares the gradient among the pixels of a window of any size."""
    cases = with_gradients(rng, reference.avg_pool2d, [(square(rng, 3), 3, 3), (square(rng, 4), 4, 4)])
    because = "The window is as large as the image."
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases, because)


@pytest.mark.criterion("avg-backward-overlap")
def test_avg_backward_overlap(submission, reference, rng):
    """Sums the shares that a pixel gets from all windows that cover it."""
    image, dy = picture([1, 3, 2], [4, 9, 5], [7, 6, 8]), picture([8, 4], [4, 12])
    because = "All four windows cover the middle: 7 = 8 / 4 + 4 / 4 + 4 / 4 + 12 / 4"
    hand = [((dy, image, 2, 1), picture([2, 3, 1], [3, 7, 4], [1, 4, 3]), because)]
    cases = with_gradients(rng, reference.avg_pool2d, [(square(rng, 4), 2, 1)])
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases, hand=hand)


@pytest.mark.criterion("avg-backward-padding")
def test_avg_backward_real_pixels(submission, reference, rng):
    """Shares the whole gradient among the real pixels of a window that extends over the edge."""
    images = [(square(rng, 2), 4, 4, 1), (square(rng, 1), 2, 2, "same"), (picture([0, 3], [5, 0]), 4, 4, 1)]
    cases = with_gradients(rng, reference.avg_pool2d, images)
    because = "The window covers the image and its padding. The sum of dx is the sum of dy."
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases, because)


@pytest.mark.criterion("avg-backward-padding")
def test_avg_backward_same(submission, reference, rng):
    """Shares gradients and returns the shape of the image with padding "same"."""
    images = [(square(rng, 3), 2, 2, "same"), (square(rng, 5), 3, 3, "same"), (square(rng, 6), 3, 3, "same")]
    cases = with_gradients(rng, reference.avg_pool2d, images)
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases)
    small, gaps = with_gradients(rng, reference.avg_pool2d, [(square(rng, 3), 2, 1, "same"), (square(rng, 8), 2, 4)])
    function, right = submission.avg_pool2d_backward, reference.avg_pool2d_backward
    assert_same_without_padding(function, right, small[:-1], gaps)


@pytest.mark.criterion("avg-backward-padding")
def test_avg_backward_integer_padding(submission, reference, rng):
    """Shares gradients and returns the shape of the image with integer padding, which may be 0."""
    images = [(square(rng, 4), 2, 2, 1), (square(rng, 4), 2, 2, 0)]
    cases = with_gradients(rng, reference.avg_pool2d, images)
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases)


@pytest.mark.criterion("avg-backward-shapes")
def test_avg_backward_stride(submission, reference, rng):
    """Moves averaging windows of one pixel by the stride of the forward pass."""
    images = [(np.ones((1, 3, 3, 1)), 1, 2), (np.ones((1, 4, 4, 1)), 1, 3)]
    cases = with_gradients(rng, reference.avg_pool2d, images)
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases)


@pytest.mark.criterion("avg-backward-shapes")
def test_avg_backward_together(submission, reference, rng):
    """Combines sizes, strides and paddings for shares in images of any shape."""
    in_fortran_order, cases = (with_gradients(rng, reference.avg_pool2d, images) for images in together(rng))
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, cases)
    assert_all_close(submission.avg_pool2d_backward, reference.avg_pool2d_backward, in_fortran_order, ORDER)


@pytest.mark.criterion("avg-backward-unchanged")
def test_avg_backward_inputs_unchanged(submission, reference, rng):
    """Returns new shares and does not change dy or x."""
    dy, x = rng.integers(2, 20, size=(1, 2, 2, 1)) * 1.0, np.ones((1, 3, 3, 1))
    assert_inputs_unchanged(submission.avg_pool2d_backward, distinct(rng, 1, 2, 2, 1), square(rng, 4), 2, 2)
    for padding in (1, "same"):
        case = distinct(rng, 1, 2, 2, 1), square(rng, 3), 2, 2, padding
        assert_unchanged_with_padding(submission.avg_pool2d_backward, *case)
    assert_unchanged_with_padding(submission.avg_pool2d_backward, square(rng, 3), square(rng, 3), 2, 1, "same")
    wanted = np.zeros(x.shape)
    wanted[:, ::2, ::2] = dy
    because = "A window of one pixel gives that pixel the whole gradient."
    assert_close(submission.avg_pool2d_backward(dy, x, 1, 2), wanted, because=because)
