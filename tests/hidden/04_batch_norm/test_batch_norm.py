"""Hidden checks of exercise 4. Scales and sizes differ, five examples reveal the divisor, and eps matters."""

import numpy as np
import pytest

from grader.checks import CheckFailedError, assert_close, assert_inputs_unchanged, assert_shape, assert_that
from grader.checks.remarks import remark

COLUMN = np.array([[1.0], [3.0], [5.0], [7.0], [9.0]])  # mean 5, variance 8
ONE, ZERO = np.ones(1), np.zeros(1)
OF_ARGUMENTS = "it tests the arguments after the call; other checks of its criterion test the result"


def parameters(rng, c):
    """Return gamma, beta, moving mean and moving variance for c features, none of them 0 or 1."""
    return rng.uniform(1.5, 3, c), rng.normal(size=c) + 5, rng.normal(size=c) * 3 + 2, rng.uniform(2, 9, c)


def table(rng, n=5, c=3):
    """Return features with different means and scales."""
    return rng.normal(size=(n, c)) * (np.arange(c) * 2 + 0.3) + np.arange(c) * 10 + 2


def images(rng, shape=(2, 3, 5, 4)):
    return rng.normal(size=shape) * (np.arange(shape[-1]) + 0.3) + np.arange(shape[-1]) * 10 + 2


# ------------------------------------------------------------------------------------------ batch_norm_train


@pytest.mark.criterion("normalises")
def test_train_by_hand(submission, reference, rng):
    """Subtracts the mean of a feature and divides by its standard deviation."""
    y, _, _ = submission.batch_norm_train(COLUMN, ONE, ZERO, ZERO, ONE, 0.9, 1.0)
    assert_close(
        y,
        np.array([[-4.0], [-2.0], [0.0], [2.0], [4.0]]) / 3,
        because="mean 5, variance (16 + 4 + 0 + 4 + 16) / 5 = 8, sqrt(8 + 1) = 3",
    )
    arguments = (rng.normal(size=COLUMN.shape) * 3 + 5, ONE, ZERO, ZERO, ONE, 0.9, 1.0)
    assert_close(submission.batch_norm_train(*arguments)[0], reference.batch_norm_train(*arguments)[0])


@pytest.mark.criterion("normalises")
def test_train_features_apart(submission, rng):
    """Gives every feature mean 0, however large the other features are."""
    x = np.array([[170.0, 0.6], [180.0, 0.8], [160.0, 0.7], [190.0, 0.9]]) * rng.uniform(0.99, 1.01, size=(4, 2))
    y, _, _ = submission.batch_norm_train(x, np.ones(2), np.zeros(2), np.zeros(2), np.ones(2), 0.9, 1e-8)
    assert_shape(y, x.shape)
    means = np.asarray(y).mean(axis=0)
    assert_that(
        np.abs(means).max() < 1e-4, y, f"the features have the means {means[0]:.3g} and {means[1]:.3g}", "0 and 0"
    )
    spreads = np.asarray(y).std(axis=0)
    assert_that(
        np.abs(spreads - 1).max() < 1e-3,
        y,
        f"the features have the standard deviations {spreads[0]:.3g} and {spreads[1]:.3g}",
        "1 and 1",
    )


@pytest.mark.criterion("normalises")
def test_train_general(submission, reference, rng):
    """Normalises tables of any size, with eps, gamma and beta."""
    for n, c in ((5, 3), (8, 1), (2, 4), (300, 2)):
        arguments = (table(rng, n, c), *parameters(rng, c), 0.9, 1e-2)
        y, _, _ = submission.batch_norm_train(*arguments)
        wanted = reference.batch_norm_train(*arguments)[0]
        assert_close(
            y, wanted, terms=300, because="Normalise each feature by the mean and the variance of its own column."
        )
    arguments = (table(rng), *parameters(rng, 3))
    y, _, _ = submission.batch_norm_train(*arguments)
    assert_close(y, reference.batch_norm_train(*arguments)[0], because="The default eps is 0.001.")


@pytest.mark.criterion("images")
def test_train_images(submission, reference, rng):
    """Takes the mean over images, rows and columns."""
    x = np.array([1.0, 3.0, 5.0, 7.0]).reshape(2, 1, 2, 1)
    y, mean, _ = submission.batch_norm_train(x, ONE, ZERO, ZERO, ONE, 0.0, 4.0)
    assert_close(y, (x - 4) / 3, because="mean (1 + 3 + 5 + 7) / 4 = 4, variance 5, sqrt(5 + 4) = 3")
    assert_close(mean, [4.0], row_accepted=True, because="with momentum 0 nothing of the old mean is kept")
    x = images(rng)
    arguments = (x, *parameters(rng, 4), 0.9, 1e-2)
    y, mean, _ = submission.batch_norm_train(*arguments)
    wanted = reference.batch_norm_train(*arguments)
    assert_close(y, wanted[0], terms=256)
    assert_close(mean, wanted[1], row_accepted=True, because="There is one mean per channel.")


@pytest.mark.criterion("epsilon")
def test_train_epsilon(submission, reference, rng):
    """Divides by the square root of variance plus eps."""
    x = rng.normal(size=(6, 2))
    x = (x - x.mean(axis=0)) / x.std(axis=0) * 0.3 + 2
    arguments = (x, np.ones(2), np.zeros(2), np.zeros(2), np.ones(2), 0.9, 1e-2)
    y, _, _ = submission.batch_norm_train(*arguments)
    assert_close(
        y, reference.batch_norm_train(*arguments)[0], because="The variance is 0.09 and eps is 0.01: together 0.1."
    )


@pytest.mark.criterion("epsilon")
def test_train_constant_feature(submission, rng):
    """Turns a constant feature into beta, never into infinite numbers."""
    x = np.full((4, 2), 3.0)
    y, _, _ = submission.batch_norm_train(x, np.full(2, 2.0), np.array([5.0, -1.0]), np.zeros(2), np.ones(2), 0.9, 1e-3)
    assert_close(y, np.tile([5.0, -1.0], (4, 1)), because="all numbers equal the mean: 2 * 0 + 5 = 5")
    beta = rng.normal(size=2) + 5
    y, _, _ = submission.batch_norm_train(x, np.full(2, 2.0), beta, np.zeros(2), np.ones(2), 0.9, 1e-3)
    assert_close(y, np.tile(beta, (4, 1)), because="all numbers equal the mean: only beta is left")


@pytest.mark.criterion("scale-and-shift")
def test_train_scale_and_shift(submission, rng):
    """Multiplies by gamma and then adds beta, feature by feature."""
    x = np.hstack([COLUMN, COLUMN])
    y, _, _ = submission.batch_norm_train(
        x, np.array([2.0, 30.0]), np.array([5.0, -7.0]), np.zeros(2), np.ones(2), 0.9, 1.0
    )
    wanted = (COLUMN - 5) / 3 * np.array([2.0, 30.0]) + np.array([5.0, -7.0])
    assert_close(y, wanted, because="the first number is 2 * (1 - 5) / 3 + 5")
    gamma, beta, _, _ = parameters(rng, 2)
    y, _, _ = submission.batch_norm_train(x, gamma, beta, np.zeros(2), np.ones(2), 0.9, 1.0)
    assert_close(y, (COLUMN - 5) / 3 * gamma + beta)


@pytest.mark.criterion(
    "scale-and-shift", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_train_inputs_unchanged(submission, rng):
    """Does not change x, gamma, beta or the moving statistics."""
    assert_inputs_unchanged(submission.batch_norm_train, table(rng), *parameters(rng, 3))


@pytest.mark.criterion("moving-mean")
def test_train_moving_mean(submission, reference, rng):
    """Keeps the fraction `momentum` of the old mean."""
    _, mean, _ = submission.batch_norm_train(COLUMN, ONE, ZERO, np.array([15.0]), ONE, 0.9, 1.0)
    assert_close(mean, [14.0], row_accepted=True, because="14 = 0.9 * 15 + 0.1 * 5")
    arguments = (table(rng), *parameters(rng, 3))
    _, mean, _ = submission.batch_norm_train(*arguments)
    assert_close(
        mean, reference.batch_norm_train(*arguments)[1], row_accepted=True, because="The default momentum is 0.99."
    )


@pytest.mark.criterion("moving-mean")
def test_train_ignores_moving(submission, reference, rng):
    """Normalises by the batch, not by the moving statistics."""
    x = table(rng)
    gamma, beta, mean, variance = parameters(rng, 3)
    y, _, _ = submission.batch_norm_train(x, gamma, beta, mean + 100, variance * 50, 0.9, 1e-2)
    wanted = reference.batch_norm_train(x, gamma, beta, mean, variance, 0.9, 1e-2)[0]
    assert_close(y, wanted, because="In training, y does not depend on moving_mean and moving_var.")


@pytest.mark.criterion("moving-variance")
def test_train_moving_variance(submission, reference, rng):
    """Keeps the fraction `momentum` of the old variance."""
    _, _, variance = submission.batch_norm_train(COLUMN, ONE, ZERO, ZERO, np.array([18.0]), 0.9, 1.0)
    assert_variance(variance, [17.0], [0.9 * 18 + 0.1 * 10], "17 = 0.9 * 18 + 0.1 * 8")
    for x in (table(rng), images(rng), table(rng, 300, 2)):
        gamma, beta, mean, old = parameters(rng, x.shape[-1])
        _, _, variance = submission.batch_norm_train(x, gamma, beta, mean, old, 0.8, 1e-2)
        wanted = reference.batch_norm_train(x, gamma, beta, mean, old, 0.8, 1e-2)[2]
        rows = x.size // x.shape[-1]
        unbiased = 0.8 * old + (wanted - 0.8 * old) * rows / (rows - 1)
        assert_variance(variance, wanted, unbiased, "Use the variance of the batch, without eps, for each channel.")


def assert_variance(got, wanted, unbiased, because):
    """Accept the variance divided by N, as in Keras, and with a remark the one divided by N - 1, as in PyTorch."""
    try:
        assert_close(got, wanted, row_accepted=True, because=because, terms=256)
    except CheckFailedError:
        have = np.asarray(got)
        if have.size != np.size(unbiased) or not np.allclose(have.reshape(-1), unbiased, rtol=1e-6):
            raise
        remark("new_var uses the variance divided by N - 1, as PyTorch does; Keras divides by N. Accepted.")


# ------------------------------------------------------------------------------------------ batch_norm_infer


@pytest.mark.criterion("inference")
def test_infer_by_hand(submission, reference, rng):
    """Normalises by the moving mean and variance, then scales and shifts."""
    x = np.array([[8.0, 100.0]])
    y = submission.batch_norm_infer(
        x, np.array([3.0, 10.0]), np.array([1.0, 7.0]), np.array([2.0, 90.0]), np.array([8.0, 24.0]), 1.0
    )
    assert_close(y, [[7.0, 27.0]], because="7 = 3 * (8 - 2) / sqrt(8 + 1) + 1, 27 = 10 * (100 - 90) / sqrt(24 + 1) + 7")
    arguments = (x, *parameters(rng, 2), 1.0)
    assert_close(submission.batch_norm_infer(*arguments), reference.batch_norm_infer(*arguments))


@pytest.mark.criterion("inference")
def test_infer_general(submission, reference, rng):
    """Normalises tables and images by the moving statistics, also if eps matters."""
    large = table(rng, 300, 2), images(rng, (6, 9, 7, 3))  # a large batch must not use its own statistics either
    for x in (table(rng), images(rng), np.asfortranarray(images(rng, (2, 4, 3, 2))), *large):
        gamma, beta, mean, variance = parameters(rng, x.shape[-1])
        for eps, scale in ((1e-3, 1.0), (1e-2, 0.02)):
            y = submission.batch_norm_infer(x, gamma, beta, mean, variance * scale, eps)
            wanted = reference.batch_norm_infer(x, gamma, beta, mean, variance * scale, eps)
            assert_close(y, wanted, because="Use only moving_mean and moving_var, and eps as in training.")


@pytest.mark.criterion("inference", constants=OF_ARGUMENTS)
def test_infer_inputs_unchanged(submission, rng):
    """Does not update the moving statistics or change any other argument."""
    assert_inputs_unchanged(submission.batch_norm_infer, table(rng), *parameters(rng, 3))


@pytest.mark.criterion("batch-of-one")
def test_infer_batch_of_one(submission, reference, rng):
    """Normalises a single example as it would in a larger batch."""
    x = table(rng)[:1]
    gamma, beta, mean, variance = parameters(rng, 3)
    y = submission.batch_norm_infer(x, gamma, beta, mean, variance)
    because = "A single example has no variance of its own: use the moving statistics."
    assert_close(y, reference.batch_norm_infer(x, gamma, beta, mean, variance), because=because)
    x = images(rng, (1, 1, 1, 4))
    gamma, beta, mean, variance = parameters(rng, 4)
    y = submission.batch_norm_infer(x, gamma, beta, mean, variance)
    assert_close(y, reference.batch_norm_infer(x, gamma, beta, mean, variance))


# --------------------------------------------------------------------------------------- batch_norm_backward

HAND_X = np.array([[3.0], [3.0], [7.0], [7.0]])
HAND_DY = np.array([[1.0], [2.0], [3.0], [6.0]])


@pytest.mark.criterion("backward-input")
def test_backward_dx_by_hand(submission, reference, rng):
    """Computes dx for one column of four numbers."""
    dx, _, _ = submission.batch_norm_backward(HAND_DY, HAND_X, np.array([4.0]), 0.0)
    assert_close(
        dx,
        [[-1.0], [1.0], [-3.0], [3.0]],
        because="-1 = 4 / 2 * (1 - 3 + 1.5): dy minus its mean, minus its part along x",
    )
    dy = rng.normal(size=HAND_DY.shape) + 2
    dx, _, _ = submission.batch_norm_backward(dy, HAND_X, np.array([4.0]), 0.0)
    assert_close(dx, reference.batch_norm_backward(dy, HAND_X, np.array([4.0]), 0.0)[0])


@pytest.mark.criterion("backward-input")
def test_backward_dx_sums(submission, rng):
    """Returns a dx that sums to 0: adding a constant to x does not change y."""
    x, dy = table(rng), rng.normal(size=(5, 3)) + 2
    dx, _, _ = submission.batch_norm_backward(dy, x, np.array([1.0, 2.0, 3.0]), 1e-2)
    assert_shape(dx, x.shape)
    assert_that(np.abs(dx).max() > 1e-3, dx, "dx is almost 0 everywhere", "numbers that are not 0")
    sums = np.asarray(dx).sum(axis=0)
    largest = float(np.abs(sums).max())
    assert_that(
        largest < 1e-4, dx, f"dx sums to {largest:.3g} over a feature", "0: adding 1 to every x does not change y"
    )


@pytest.mark.criterion("backward-input")
def test_backward_dx_general(submission, reference, rng):
    """Computes dx for tables and images."""
    for x in (table(rng), table(rng, 7, 2) * 0.05, table(rng, 300, 2), images(rng)):
        dy, gamma = rng.normal(size=x.shape) + 1, rng.uniform(1.5, 3, x.shape[-1])
        dx, _, _ = submission.batch_norm_backward(dy, x, gamma, 1e-2)
        assert_close(dx, reference.batch_norm_backward(dy, x, gamma, 1e-2)[0], terms=256)
    dx, _, _ = submission.batch_norm_backward(dy, x, gamma)
    assert_close(dx, reference.batch_norm_backward(dy, x, gamma)[0], terms=256)


@pytest.mark.criterion(
    "backward-input", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_backward_inputs_unchanged(submission, rng):
    """Does not change dy, x and gamma."""
    assert_inputs_unchanged(
        submission.batch_norm_backward, rng.normal(size=(5, 3)), table(rng), np.array([1.0, 2.0, 3.0])
    )


@pytest.mark.criterion("backward-gamma")
def test_backward_dgamma(submission, reference, rng):
    """Sums dy times the normalised x."""
    _, dgamma, _ = submission.batch_norm_backward(HAND_DY, HAND_X, np.array([4.0]), 0.0)
    assert_close(dgamma, [6.0], row_accepted=True, because="6 = -1 - 2 + 3 + 6")
    for x in (table(rng), table(rng, 7, 2) * 0.05, images(rng), images(rng, (6, 9, 7, 3))):
        dy, gamma = rng.normal(size=x.shape) + 1, rng.uniform(1.5, 3, x.shape[-1])
        _, dgamma, _ = submission.batch_norm_backward(dy, x, gamma, 1e-2)
        assert_close(dgamma, reference.batch_norm_backward(dy, x, gamma, 1e-2)[1], row_accepted=True, terms=512)


@pytest.mark.criterion("backward-beta")
def test_backward_dbeta(submission, reference, rng):
    """Sums dy for each feature."""
    _, _, dbeta = submission.batch_norm_backward(HAND_DY, HAND_X, np.array([4.0]), 0.0)
    assert_close(dbeta, [12.0], row_accepted=True, because="12 = 1 + 2 + 3 + 6")
    for x in (images(rng), images(rng, (6, 9, 7, 3))):
        dy = rng.normal(size=x.shape) + 1
        _, _, dbeta = submission.batch_norm_backward(dy, x, rng.uniform(1.5, 3, x.shape[-1]), 1e-2)
        assert_close(dbeta, dy.sum(axis=(0, 1, 2)), row_accepted=True, terms=512)


# ----------------------------------------------------------------------------------------- fold_bn_into_conv


@pytest.mark.criterion("folding")
def test_fold_by_hand(submission, reference, rng):
    """Folds one weight and one bias."""
    numbers = (np.array([v]) for v in (4.0, 10.0, 7.0, 1.0, 16.0))
    w, b = submission.fold_bn_into_conv(np.full((1, 1, 1, 1), 3.0), *numbers, 9.0)
    assert_close(w, np.full((1, 1, 1, 1), 6.0), because="10 / sqrt(16 + 9) = 2, and 3 * 2 = 6")
    assert_close(b, [13.0], because="(4 - 1) * 2 + 7 = 13")
    arguments = (rng.normal(size=(1, 1, 1, 1)), rng.normal(size=1), *parameters(rng, 1), 9.0)
    for got, wanted in zip(
        submission.fold_bn_into_conv(*arguments), reference.fold_bn_into_conv(*arguments), strict=True
    ):
        assert_close(got, wanted)


@pytest.mark.criterion("folding")
def test_fold_general(submission, reference, rng):
    """Scales each filter by its own factor, and does not change its inputs."""
    w, b = rng.normal(size=(3, 2, 4, 5)), rng.normal(size=5)
    arguments = (w, b, *parameters(rng, 5), 1e-2)
    for got, wanted in zip(
        submission.fold_bn_into_conv(*arguments), reference.fold_bn_into_conv(*arguments), strict=True
    ):
        assert_close(got, wanted)
    for got, wanted in zip(
        submission.fold_bn_into_conv(*arguments[:-1]), reference.fold_bn_into_conv(*arguments[:-1]), strict=True
    ):
        assert_close(got, wanted)
    assert_inputs_unchanged(submission.fold_bn_into_conv, *arguments)
