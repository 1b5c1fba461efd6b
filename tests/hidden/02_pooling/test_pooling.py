"""Hidden checks of exercise 2. Random inputs have no ties, so that no convention about them costs a point."""

import numpy as np
import pytest

from grader.checks import assert_close, assert_inputs_unchanged, assert_shape, assert_that

SAME_NUMBERS = "The memory layout of an array does not matter: x[n, i, j, c] is the same number."
OF_ARGUMENTS = "it tests the arguments after the call; other checks of its criterion test the result"
PICTURE = np.array([[1, 3, 2, 0], [5, 7, 8, 2], [4, 0, 6, 3], [9, 3, 5, 4.0]]).reshape(1, 4, 4, 1)


def image(rng, *shape):
    """Return distinct numbers, most of them negative, so that a padded 0 would be the largest."""
    return rng.permutation(np.prod(shape)).reshape(shape) * 0.37 - 0.3 * np.prod(shape)


def row(*values):
    return np.array(values, dtype=float).reshape(1, 1, -1, 1)


# ------------------------------------------------------------------------------------------------ max_pool2d


@pytest.mark.criterion("max-windows")
def test_max_by_hand(submission, reference, rng):
    """Finds the largest number of each window of a small picture."""
    y = submission.max_pool2d(PICTURE)
    assert_close(y, np.array([[7, 8], [9, 6]]).reshape(1, 2, 2, 1), because="7 = max(1, 3, 5, 7), 9 = max(4, 0, 9, 3)")
    x = rng.permutation(16).reshape(PICTURE.shape) + 1.5
    assert_close(submission.max_pool2d(x), reference.max_pool2d(x))


@pytest.mark.criterion("max-windows")
def test_max_negative(submission, reference, rng):
    """Finds the largest number if all are negative."""
    x = np.array([[-4, -3], [-2, -1.5]]).reshape(1, 2, 2, 1)
    assert_close(submission.max_pool2d(x), [[[[-1.5]]]], because="-1.5 is the largest of -4, -3, -2, -1.5")
    x = -rng.uniform(1, 9, size=(2, 4, 6, 3))
    assert_close(submission.max_pool2d(x), reference.max_pool2d(x))


@pytest.mark.criterion("max-windows", constants=OF_ARGUMENTS)
def test_max_inputs_unchanged(submission, rng):
    """Does not change the image."""
    assert_inputs_unchanged(submission.max_pool2d, image(rng, 1, 5, 4, 2), 2, 1, "same")


@pytest.mark.criterion("max-stride")
def test_max_default_stride(submission, reference, rng):
    """Moves the window by its own size if no stride is given."""
    assert_close(
        submission.max_pool2d(row(0, 1, 2, 3, 4, 5), (1, 3)), row(2, 5), because="2 = max(0, 1, 2), 5 = max(3, 4, 5)"
    )
    x = image(rng, 2, 9, 6, 2)
    assert_close(submission.max_pool2d(x, 3), reference.max_pool2d(x, 3))
    assert_close(submission.max_pool2d(x, (3, 2)), reference.max_pool2d(x, (3, 2)))


@pytest.mark.criterion("max-stride")
def test_max_stride_general(submission, reference, rng):
    """Moves the window by the stride, which may be smaller or larger than the window."""
    assert_close(
        submission.max_pool2d(row(0, 1, 2, 3, 4, 5), (1, 3), 2), row(2, 4), because="2 = max(0, 1, 2), 4 = max(2, 3, 4)"
    )
    x = image(rng, 2, 8, 7, 3)
    for size, stride in ((3, 1), (3, 2), (2, 3), (2, (2, 1)), ((3, 2), (1, 2))):
        assert_close(submission.max_pool2d(x, size, stride), reference.max_pool2d(x, size, stride))


@pytest.mark.criterion("max-shapes")
def test_max_shapes(submission, reference, rng):
    """Handles images and windows that are not square, channel by channel."""
    for shape, size in (
        ((2, 7, 9, 3), 3),
        ((1, 6, 4, 2), (3, 2)),
        ((3, 4, 9, 1), (2, 3)),
        ((1, 5, 5, 4), (5, 5)),
        ((2, 7, 9, 3), 3),  # other numbers in the same shape
        ((1, 80, 4, 1), 2),
        ((7, 4, 50, 5), 2),
    ):
        x = image(rng, *shape)
        assert_close(submission.max_pool2d(x, size), reference.max_pool2d(x, size))
    x = image(rng, 2, 6, 5, 3)
    assert_close(submission.max_pool2d(np.asfortranarray(x)), reference.max_pool2d(x), because=SAME_NUMBERS)


@pytest.mark.criterion("max-shapes")
def test_max_partial_windows(submission, reference, rng):
    """Leaves out windows that do not fit entirely."""
    for shape, size, stride in (((1, 7, 5, 2), 2, None), ((2, 8, 6, 1), 3, 2), ((1, 2, 2, 1), 3, 1)):
        x = image(rng, *shape)
        assert_close(submission.max_pool2d(x, size, stride), reference.max_pool2d(x, size, stride))


@pytest.mark.criterion("max-padding")
def test_max_same(submission, reference, rng):
    """Returns ceil(H / stride) rows with padding "same", and never a padded value."""
    one = np.full((1, 1, 1, 1), -5.0)
    assert_close(submission.max_pool2d(one, 2, 1, "same"), one, because="the window covers one real pixel, -5")
    for shape, size, stride in (
        ((2, 5, 7, 3), 2, None),
        ((1, 6, 5, 2), 3, 2),
        ((1, 5, 4, 1), (3, 2), (2, 1)),
        ((1, 4, 4, 1), 2, 1),
        ((1, 6, 7, 1), (5, 4), (1, 3)),
        ((1, 3, 2, 1), 1, 1),
        ((1, 4, 6, 1), 1, 2),
    ):
        x = image(rng, *shape) - 500
        assert_close(submission.max_pool2d(x, size, stride, "same"), reference.max_pool2d(x, size, stride, "same"))


@pytest.mark.criterion("max-padding")
def test_max_integer_padding(submission, reference, rng):
    """Pads every side by an integer, and never returns a padded value."""
    for shape, size, stride, padding in (((2, 5, 6, 2), 3, 2, 1), ((1, 6, 4, 1), 4, 1, 2), ((1, 5, 5, 3), 3, None, 0)):
        x = image(rng, *shape) - 500
        assert_close(submission.max_pool2d(x, size, stride, padding), reference.max_pool2d(x, size, stride, padding))


# ------------------------------------------------------------------------------------------------ avg_pool2d


@pytest.mark.criterion("avg-windows")
def test_avg_by_hand(submission, reference, rng):
    """Computes the mean of each window of a small picture."""
    y = submission.avg_pool2d(PICTURE)
    wanted = np.array([[4, 3], [4, 4.5]]).reshape(1, 2, 2, 1)
    assert_close(y, wanted, because="4 = (1 + 3 + 5 + 7) / 4, 4.5 = (6 + 3 + 5 + 4) / 4")
    x = rng.normal(size=PICTURE.shape) + 3
    assert_close(submission.avg_pool2d(x), reference.avg_pool2d(x))


@pytest.mark.criterion("avg-windows")
def test_avg_constant(submission, reference, rng):
    """Keeps a constant image constant, and computes the mean, not the median."""
    assert_close(
        submission.avg_pool2d(np.full((1, 4, 4, 2), 7.0)), np.full((1, 2, 2, 2), 7.0), because="(7 + 7 + 7 + 7) / 4 = 7"
    )
    x = np.array([[0, 0], [0, 8.0]]).reshape(1, 2, 2, 1)
    assert_close(submission.avg_pool2d(x), [[[[2.0]]]], because="(0 + 0 + 0 + 8) / 4 = 2")
    x = rng.normal(size=(3, 4, 6, 2))
    assert_close(submission.avg_pool2d(x), reference.avg_pool2d(x))


@pytest.mark.criterion(
    "avg-windows", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_avg_inputs_unchanged(submission, rng):
    """Does not change the image."""
    assert_inputs_unchanged(submission.avg_pool2d, rng.normal(size=(1, 5, 4, 2)), 2, 1, "same")


@pytest.mark.criterion("avg-stride")
def test_avg_stride_and_shapes(submission, reference, rng):
    """Moves the window by the stride, which defaults to its size, even if the window is not square."""
    x = rng.normal(size=(2, 8, 7, 3))
    for size, stride in ((3, None), ((3, 2), None), (3, 1), (3, 2), (2, 3), (2, (2, 1))):
        assert_close(submission.avg_pool2d(x, size, stride), reference.avg_pool2d(x, size, stride))
    x = np.asfortranarray(rng.normal(size=(2, 8, 7, 3)))  # other numbers in the same shape
    assert_close(submission.avg_pool2d(x, 3, 2), reference.avg_pool2d(x, 3, 2), because=SAME_NUMBERS)
    for shape in ((1, 80, 4, 1), (7, 4, 50, 5)):
        x = rng.normal(size=shape)
        assert_close(submission.avg_pool2d(x), reference.avg_pool2d(x))


@pytest.mark.criterion("avg-padding")
def test_avg_same(submission, reference, rng):
    """Averages only the real pixels of a window that extends over the edge."""
    sixes = np.full((1, 3, 3, 1), 6.0)
    assert_close(
        submission.avg_pool2d(sixes, padding="same"),
        np.full((1, 2, 2, 1), 6.0),
        because="the last window covers one real pixel: 6 / 1 = 6",
    )
    x = rng.normal(size=(2, 5, 7, 2)) + 3
    for size, stride in ((2, None), (3, 2), ((3, 2), (2, 1)), (2, 1)):
        assert_close(submission.avg_pool2d(x, size, stride, "same"), reference.avg_pool2d(x, size, stride, "same"))


@pytest.mark.criterion("avg-padding")
def test_avg_integer_padding(submission, reference, rng):
    """Leaves padded pixels out of the mean."""
    for shape, size, stride, padding in (((2, 5, 6, 2), 3, 2, 1), ((1, 6, 4, 1), 4, 1, 2), ((1, 5, 5, 3), 3, None, 0)):
        x = rng.normal(size=shape) + 3
        assert_close(submission.avg_pool2d(x, size, stride, padding), reference.avg_pool2d(x, size, stride, padding))


# ----------------------------------------------------------------------------------------- global_avg_pool2d


@pytest.mark.criterion("global-average")
def test_global_average(submission, reference, rng):
    """Returns one number per example and channel, and does not change the image."""
    y = submission.global_avg_pool2d(np.array([[1.0, 10], [3, 30]]).reshape(1, 2, 1, 2))
    assert_close(y, [[2.0, 20.0]], because="2 = (1 + 3) / 2, 20 = (10 + 30) / 2")
    for shape in ((7, 30, 20, 6), (3, 5, 7, 4)):
        x = rng.normal(size=shape)
        assert_close(submission.global_avg_pool2d(x), reference.global_avg_pool2d(x), terms=600)
    assert_inputs_unchanged(submission.global_avg_pool2d, x)


# --------------------------------------------------------------------------------------- max_pool2d_backward


@pytest.mark.criterion("max-backward")
def test_max_backward_by_hand(submission, reference, rng):
    """Sends the gradient to the largest pixel, and 0 to the others."""
    x = np.array([[1, 3], [5, 7.0]]).reshape(1, 2, 2, 1)
    dx = submission.max_pool2d_backward(np.full((1, 1, 1, 1), 10.0), x)
    assert_close(
        dx,
        np.array([[0, 0], [0, 10]]).reshape(1, 2, 2, 1),
        because="7 is the largest: its gradient is 10, the others get 0",
    )
    dy, x = rng.normal(size=(1, 1, 1, 1)) + 3, rng.permutation(4).reshape(1, 2, 2, 1) + 1.5
    assert_close(submission.max_pool2d_backward(dy, x), reference.max_pool2d_backward(dy, x))


@pytest.mark.criterion("max-backward")
def test_max_backward_general(submission, reference, rng):
    """Sends every gradient to one pixel if windows do not overlap, and keeps the sum."""
    for shape, size, stride in (
        ((2, 6, 4, 3), 2, None),
        ((1, 7, 9, 2), (3, 2), None),
        ((1, 7, 8, 1), 2, 3),
        ((7, 30, 4, 2), 2, None),
    ):
        x = image(rng, *shape)
        dy = rng.normal(size=reference.max_pool2d(x, size, stride).shape)
        dx = submission.max_pool2d_backward(dy, x, size, stride)
        assert_shape(dx, x.shape)
        assert_close(dx, reference.max_pool2d_backward(dy, x, size, stride))


@pytest.mark.criterion(
    "max-backward", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_max_backward_inputs_unchanged(submission, rng):
    """Does not change the gradient and the image."""
    assert_inputs_unchanged(submission.max_pool2d_backward, rng.normal(size=(1, 2, 2, 1)), image(rng, 1, 4, 4, 1))


@pytest.mark.criterion("max-backward-overlap")
def test_max_backward_overlap(submission, reference, rng):
    """Sums the gradients of a pixel that is the largest in several windows."""
    dx = submission.max_pool2d_backward(row(10, 1), row(1, 9, 2), (1, 2), 1)
    assert_close(dx, row(0, 11, 0), because="9 is the largest in both windows: 11 = 10 + 1")
    for shape, size, stride in (
        ((2, 6, 7, 3), 3, 2),
        ((1, 5, 4, 2), 2, 1),
        ((1, 7, 6, 1), (3, 2), (1, 2)),
        ((2, 6, 5, 1), 3, (2, 1)),
    ):
        x = image(rng, *shape)
        dy = rng.normal(size=reference.max_pool2d(x, size, stride).shape)
        assert_close(
            submission.max_pool2d_backward(dy, x, size, stride), reference.max_pool2d_backward(dy, x, size, stride)
        )


@pytest.mark.criterion("max-backward-overlap")
def test_max_backward_padding(submission, reference, rng):
    """Works with padding "same" and integer padding, and returns the shape of the image."""
    for shape, size, stride, padding in (
        ((2, 5, 7, 2), 2, None, "same"),
        ((1, 6, 5, 1), 3, 2, "same"),
        ((1, 5, 6, 2), 3, 1, 1),
        ((1, 6, 6, 1), 4, 2, 2),
        ((1, 4, 4, 1), 2, 1, 0),
    ):
        x = image(rng, *shape) - 500
        dy = rng.normal(size=reference.max_pool2d(x, size, stride, padding).shape)
        dx = submission.max_pool2d_backward(dy, x, size, stride, padding)
        assert_close(dx, reference.max_pool2d_backward(dy, x, size, stride, padding))


# --------------------------------------------------------------------------------------- avg_pool2d_backward


@pytest.mark.criterion("avg-backward")
def test_avg_backward_by_hand(submission, reference, rng):
    """Shares the gradient equally among the pixels of a window."""
    dx = submission.avg_pool2d_backward(np.full((1, 1, 1, 1), 10.0), np.ones((1, 2, 2, 1)))
    assert_close(dx, np.full((1, 2, 2, 1), 2.5), because="2.5 = 10 / 4")
    dx = submission.avg_pool2d_backward(row(10, 4), row(1, 2, 3), (1, 2), 1)
    assert_close(dx, row(5, 7, 2), because="5 = 10 / 2, 7 = 10 / 2 + 4 / 2, 2 = 4 / 2")
    dy = row(*rng.normal(size=2) + 3)
    dx = submission.avg_pool2d_backward(dy, row(1, 2, 3), (1, 2), 1)
    assert_close(dx, reference.avg_pool2d_backward(dy, row(1, 2, 3), (1, 2), 1))


@pytest.mark.criterion("avg-backward")
def test_avg_backward_general(submission, reference, rng):
    """Sums the shares that a pixel gets from all windows that cover it, and keeps the total."""
    for shape, size, stride in (
        ((2, 6, 4, 3), 2, None),
        ((1, 7, 9, 2), (3, 2), None),
        ((2, 6, 7, 1), 3, 2),
        ((1, 5, 4, 2), 2, (2, 1)),
        ((1, 7, 8, 1), 2, 3),
        ((7, 30, 4, 2), 2, None),
    ):
        x = rng.normal(size=shape)
        dy = rng.normal(size=reference.avg_pool2d(x, size, stride).shape)
        dx = submission.avg_pool2d_backward(dy, x, size, stride)
        assert_shape(dx, x.shape)
        total = float(np.asarray(dx).sum())
        assert_that(
            abs(total - dy.sum()) < 1e-5 * np.abs(dy).sum(),
            dx,
            f"the sum of dx is {total:.4g}",
            f"{dy.sum():.4g}, the sum of dy",
        )
        assert_close(dx, reference.avg_pool2d_backward(dy, x, size, stride))


@pytest.mark.criterion("avg-backward")
def test_avg_backward_padding(submission, reference, rng):
    """Shares the gradient among the real pixels of a window that extends over the edge."""
    for shape, size, stride, padding in (
        ((2, 5, 7, 2), 2, None, "same"),
        ((1, 6, 5, 1), 3, 2, "same"),
        ((1, 5, 6, 2), 3, 1, 1),
        ((1, 6, 6, 1), 4, 2, 2),
        ((1, 4, 4, 1), 2, 1, 0),
    ):
        x = rng.normal(size=shape)
        dy = rng.normal(size=reference.avg_pool2d(x, size, stride, padding).shape)
        dx = submission.avg_pool2d_backward(dy, x, size, stride, padding)
        assert_close(dx, reference.avg_pool2d_backward(dy, x, size, stride, padding))


@pytest.mark.criterion(
    "avg-backward", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_avg_backward_inputs_unchanged(submission, rng):
    """Does not change the gradient and the image."""
    assert_inputs_unchanged(
        submission.avg_pool2d_backward, rng.normal(size=(1, 2, 2, 1)), rng.normal(size=(1, 4, 4, 1))
    )
