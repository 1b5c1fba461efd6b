"""Hidden checks of exercise 4.

A check varies what its criterion is about and switches off the rest: one feature, gamma 1, beta 0, eps 0, and moving
statistics that equal those of the batch. If a check of gamma, beta, eps or images needs the mean and the variance, it
takes them from the learner's own answer to a plainer call, so that a mistake in them costs its own criterion only.
"""

import numpy as np
import pytest

from grader.checks import CheckFailedError, assert_close, assert_inputs_unchanged, assert_shape, assert_that
from grader.checks.remarks import remark
from grader.sandbox import Reason

COLUMN = np.array([[1.0], [3.0], [5.0], [7.0], [9.0]])  # mean 5, variance 8
OF_AXES = "not a named mistake: the sums run over the wrong axes"
OF_SCALE = "not a named mistake: the divisor or the factor gamma is wrong or missing"
BEGINNING = "Use the same formula for the first batch: an old mean of 0 and an old variance of 1 are not special."
DESTROYS = "not a frequent mistake, but it destroys data of the caller"


def parameters(rng, c):
    """Return gamma, beta, moving mean and moving variance for c features, none of them 0 or 1. Every second gamma is negative."""
    return (
        rng.uniform(1.5, 3, c) * (-1.0) ** np.arange(c),
        rng.normal(size=c) + 5,
        rng.normal(size=c) * 3 + 2,
        rng.uniform(2, 9, c),
    )


def means(c):
    """Return the means of c features: every second one is negative."""
    return (np.arange(c) * 10 + 2) * (-1.0) ** np.arange(c)


def table(rng, n=5, c=3):
    """Return features with different means and scales."""
    return rng.normal(size=(n, c)) * (np.arange(c) * 2 + 0.3) + means(c)


def images(rng, shape=(2, 3, 5, 4)):
    return rng.normal(size=shape) * (np.arange(shape[-1]) + 0.3) + means(shape[-1])


def numbers(rng, c):
    """Return c different whole numbers from 2."""
    return rng.permutation(max(8, c))[:c] + 2.0


def draw_until(holds, draw):
    """Return the first array for which `holds` is true. In each use here, at least a third of the arrays will do."""
    return next(x for x in (draw() for _ in range(1000)) if holds(x))


def column(rng, n=5):
    """Return one feature: different whole numbers. The mean of more than two is not their median."""

    def draw():
        return (rng.permutation(4 * n)[:n] + 2.0).reshape(n, 1)

    return draw_until(lambda x: n < 3 or x.mean() != np.median(x), draw)


def rows_of(x):
    return x.reshape(-1, x.shape[-1])


def plain(x, *, gamma=None, beta=None, momentum=0.5, eps=0.0):
    """Return the arguments of training with everything switched off that is not given."""
    c, rows = x.shape[-1], rows_of(x)
    gamma = np.ones(c) if gamma is None else gamma
    beta = np.zeros(c) if beta is None else beta
    return x, gamma, beta, rows.mean(axis=0), rows.var(axis=0), momentum, eps


def assert_first_close(function, right, cases, *, because="", hand=(), terms=64):
    """Ask for all cases in one frame, and compare the first result of each answer with that of the reference.

    `hand` holds cases that are worked by hand: the arguments, the right result, and the reason.
    """
    wanted = [(result, reason) for _, result, reason in hand]
    wanted += [(_first(right(*case)), because) for case in cases]
    answers = function.map([*(arguments for arguments, _, _ in hand), *cases])
    for (result, reason), answer in zip(wanted, answers, strict=True):
        assert_close(_first(answer), result, terms=terms, because=reason)


def _first(answer):
    return answer[0] if isinstance(answer, tuple) else answer


def real(got):
    """Return an answer as floats. Fail if it holds complex numbers."""
    is_complex = np.iscomplexobj(np.asarray(got))
    assert_that(not is_complex, got, "complex numbers", "real numbers", reason=Reason.WRONG_TYPE)
    return np.asarray(got, dtype=float)


def assert_unchanged_for_images(function, *case):
    """Fail if a function writes into its arguments when x has four axes. Images have their own criterion."""
    if function.raised_by(*case) is None:
        assert_inputs_unchanged(function, *case)


def assert_finite(got, because):
    name = getattr(got, "name", "result")
    seen = f"{name} contains numbers that are not finite"
    assert_that(np.isfinite(real(got)).all(), got, seen, "finite numbers", because)


def distance_in(got):
    """Return the largest less the smallest number of an answer. Fail if it is 0 or not a number."""
    values = real(got)
    distance = float(np.ptp(values)) if values.size else 0.0
    name = getattr(got, "name", "result")
    seen = f"the largest and the smallest number of {name} differ by {distance:.3g}"
    assert_that(1e-6 < distance < np.inf, got, seen, "different, finite numbers")
    return distance


def assert_per_feature(got, features):
    """Fail unless there is one number for each feature, and not the same for all."""
    size, name = np.size(got), getattr(got, "name", "result")
    assert_that(size == features, got, f"{name} has shape {np.shape(got)}", f"({features},)", reason=Reason.WRONG_SHAPE)
    distance_in(got)


def spread_of(y, x):
    """Return by how much the learner divides one feature: the range of x by the range of y."""
    assert_shape(y, x.shape)
    return float(np.ptp(x)) / distance_in(y)


def assert_normalises(y, right, because):
    """Fail unless y is right up to one positive factor for all of it: the divisor of the variance is not the matter."""
    assert_shape(y, right.shape)
    with np.errstate(all="ignore"):
        factor = float(np.sqrt((real(y)[..., 0] ** 2).sum() / (right[..., 0] ** 2).sum()))
    usable = np.isfinite(factor) and 1e-3 < factor < 1e3
    assert_close(y, right * (factor if usable else 1.0), terms=256, because=because)


def twins(rng):
    """Return two features with the same numbers in another order: they have one mean and one variance."""
    first = column(rng)
    return np.hstack([first, rng.permutation(first)])


# ------------------------------------------------------------------------------------------ batch_norm_train


@pytest.mark.criterion("normalises")
def test_train_one_feature(submission, reference, rng):
    """Subtracts the mean of a feature and divides by its standard deviation."""
    ones, threes = np.array([[1.0], [1], [7], [7]]), np.array([[2.0], [2], [2], [10]])
    hand = [
        (plain(ones), (ones - 4) / 3, "mean (1 + 1 + 7 + 7) / 4 = 4, variance (9 + 9 + 9 + 9) / 4 = 9, root 3"),
        (plain(threes), (threes - 4) / np.sqrt(12), "mean 4, variance (4 + 4 + 4 + 36) / 4 = 12"),
    ]
    cases = [plain(column(rng))]
    assert_first_close(submission.batch_norm_train, reference.batch_norm_train, cases, hand=hand)


@pytest.mark.criterion("normalises")
def test_train_sizes(submission, reference, rng):
    """Normalises a feature with any number of examples."""
    cases = [plain(column(rng, n)) for n in (2, 3, 300)] + [plain(column(rng) / 512)]
    because = "Divide the sum of the squared distances by the number of examples."
    assert_first_close(submission.batch_norm_train, reference.batch_norm_train, cases, because=because, terms=300)


@pytest.mark.criterion("features")
def test_train_features_apart(submission, reference, rng):
    """Gives every feature mean 0 and the same standard deviation, however large the other features are."""
    x = np.hstack([column(rng), column(rng) * 100 + 1000])
    y, _, _ = submission.batch_norm_train(*plain(x))
    assert_normalises(y, reference.batch_norm_train(*plain(x))[0], "Each column has its own mean and variance.")


@pytest.mark.criterion("images")
def test_train_images(submission, reference, rng):
    """Takes the mean over images, rows and columns."""
    x = draw_until(lambda x: x.mean() != x[:6].mean(), lambda: column(rng, 12))  # the first image has another mean
    cases = [plain(x.reshape(shape)) for shape in ((2, 2, 3, 1), (1, 3, 4, 1))]
    because = "All 12 pixels of the channel go into one mean and one variance."
    for case, (y, _, _) in zip(cases, submission.batch_norm_train.map(cases), strict=True):
        assert_normalises(y, reference.batch_norm_train(*case)[0], because)


@pytest.mark.criterion("images")
def test_train_images_moving(submission, rng):
    """Returns one moving mean and one moving variance per channel of images."""
    x = np.hstack([column(rng, 12), column(rng, 12) * 10])
    statistics = numbers(rng, 2), numbers(rng, 2) ** 2
    cases = [(shaped, np.ones(2), np.zeros(2), *statistics, 0.5, 0.0) for shaped in (x, x.reshape(2, 2, 3, 2))]
    as_table, as_images = submission.batch_norm_train.map(cases)
    for wanted, got in zip(as_table[1:], as_images[1:], strict=True):
        assert_per_feature(wanted, 2)
        because = f"The same numbers as a table of 12 rows give a different {wanted.name}."
        assert_close(got, np.ravel(wanted), row_accepted=True, because=because)


@pytest.mark.criterion("epsilon")
def test_train_epsilon(submission, rng):
    """Divides by the square root of variance plus eps."""
    x = column(rng)
    small = (x - x.mean()) / x.std() * rng.uniform(0.2, 0.4) + 2
    cases = [(x, 9.0), (small, 1e-2)]
    answers = submission.batch_norm_train.map([plain(x, eps=e) for x, eps in cases for e in (0.0, eps)])
    for x, eps in cases:
        without, _, _ = next(answers)
        divisor = spread_of(without, x)
        y, _, _ = next(answers)
        because = (
            f"With eps 0 you divide by {divisor:.4g}. With eps {eps:g}, divide by sqrt({divisor:.4g}**2 + {eps:g})."
        )
        assert_close(y, real(without) * (divisor / np.sqrt(divisor**2 + eps)), because=because)


@pytest.mark.criterion("epsilon")
def test_train_constant_feature(submission, rng):
    """Turns a constant feature into 0 before gamma and beta, never into infinite numbers."""
    varied = rng.permutation(COLUMN) + rng.integers(1, 90)
    x = np.hstack([np.full(COLUMN.shape, varied.mean()), varied])
    y, _, _ = submission.batch_norm_train(*plain(x, eps=1e-3))
    assert_shape(y, x.shape)
    wanted = real(y).copy()
    wanted[:, 0] = 0
    assert_close(y, wanted, because="All numbers of the first feature equal their mean: x - mean is 0.")
    distance_in(y)
    beta = np.array([6.0, 6.0])
    shifted, *moving = submission.batch_norm_train(*plain(x, beta=beta, eps=1e-3))
    assert_shape(shifted, x.shape)
    for result in moving:
        assert_finite(result, "The variance of a constant feature is 0.")
    if np.allclose(real(shifted)[:, 1], real(y)[:, 1] + 6):  # if not, beta has its own criterion
        assert_close(shifted, real(y) + beta, because="beta is added to a constant feature too.")


@pytest.mark.criterion("scale-and-shift")
def test_train_scale(submission, rng):
    """Multiplies the normalised numbers by gamma, feature by feature."""
    x = np.hstack([column(rng), column(rng) + 100])
    gamma = rng.permutation(8)[:2] + 2.0
    answers = submission.batch_norm_train.map([plain(x), plain(x, gamma=gamma)])
    normal, _, _ = next(answers)
    spread_of(normal, x)
    y, _, _ = next(answers)
    assert_close(y, real(normal) * gamma, because="With gamma 1, the function returns y / gamma.")


@pytest.mark.criterion("scale-and-shift")
def test_train_shift(submission, rng):
    """Adds beta after the multiplication by gamma, feature by feature."""
    x = np.hstack([column(rng), column(rng) + 100])
    gamma, beta = rng.permutation(8)[:2] + 2.0, rng.permutation(8)[:2] + 3.0
    answers = submission.batch_norm_train.map([plain(x, gamma=gamma), plain(x, gamma=gamma, beta=beta)])
    scaled, _, _ = next(answers)
    spread_of(scaled, x)
    y, _, _ = next(answers)
    assert_close(y, real(scaled) + beta, because="With beta 0, the function returns y - beta.")


@pytest.mark.criterion("batch-statistics")
def test_train_ignores_moving(submission, reference, rng):
    """Normalises by the batch, not by the moving statistics."""
    arguments = list(plain(column(rng)))
    wanted = reference.batch_norm_train(*arguments)[0]
    arguments[3] = arguments[3] + rng.integers(5, 100)
    arguments[4] = arguments[4] * 9
    y, _, _ = submission.batch_norm_train(*arguments)
    assert_normalises(y, wanted, "In training, y does not depend on moving_mean and moving_var.")


@pytest.mark.criterion("moving-mean")
def test_train_moving_mean(submission, reference, rng):
    """Keeps the fraction `momentum` of the old mean."""
    hand = np.hstack([COLUMN, COLUMN[::-1]])
    x, gamma, beta, mean, variance, _, _ = plain(twins(rng))
    cases = [
        (hand, gamma, beta, np.array([15.0, 25.0]), np.full(2, 8.0), 0.9, 0.0),
        (x, gamma, beta, mean + numbers(rng, 2), variance, 0.75, 0.0),
        (table(rng, 200, 2), gamma, beta, mean + numbers(rng, 2), variance, 0.75, 0.0),
        *((x, gamma, beta, mean + numbers(rng, 2), variance, momentum, 0.0) for momentum in (0.0, 1.0)),
        (x, gamma, beta, np.zeros(2), np.ones(2), 0.75, 0.0),
        (x[:, :1], gamma[:1], beta[:1], mean[:1] + numbers(rng, 1), variance[:1], 0.75, 0.0),
    ]
    reasons = ("14 = 0.9 * 15 + 0.1 * 5", *2 * ["0.75 * the old mean + 0.25 * the mean of x"])
    reasons += "With momentum 0, nothing of the old mean is kept.", "With momentum 1, the old mean is kept."
    reasons += BEGINNING, "One feature has one mean, in an array of shape (1,)."
    for case, because, (_, got, _) in zip(cases, reasons, submission.batch_norm_train.map(cases), strict=True):
        assert_close(got, reference.batch_norm_train(*case)[1], row_accepted=True, because=because)


@pytest.mark.criterion("moving-mean")
def test_train_default_momentum(submission, reference, rng):
    """Keeps 99% of the old mean if no momentum is given."""
    x, gamma, beta, mean, variance, _, _ = plain(twins(rng))
    arguments = x, gamma, beta, mean + numbers(rng, 2), variance
    _, got, _ = submission.batch_norm_train(*arguments)
    because = "The default momentum is 0.99."
    assert_close(got, reference.batch_norm_train(*arguments)[1], row_accepted=True, because=because)


@pytest.mark.criterion("moving-variance")
def test_train_stores_variance(submission, rng):
    """Mixes the old variance with the variance of the batch, without root and without eps."""
    x, gamma, beta, mean, variance, _, _ = plain(twins(rng))
    old = numbers(rng, 2) ** 2
    _, _, got = submission.batch_norm_train(x, gamma, beta, mean, old, 0.5, 2.0)
    unbiased = 0.5 * old + 0.5 * x.var(axis=0, ddof=1)
    assert_variance(got, 0.5 * old + 0.5 * variance, unbiased, "Half of the old variance and half of the variance of x")


@pytest.mark.criterion("moving-variance")
def test_train_moving_variance(submission, rng):
    """Keeps the fraction `momentum` of the old variance."""
    hand = np.hstack([COLUMN, COLUMN[::-1]])
    x, gamma, beta, mean, variance, _, _ = plain(twins(rng))
    olds = np.array([18.0, 28.0]), variance + numbers(rng, 2) * 10
    cases = [
        (hand, gamma, beta, np.full(2, 5.0), olds[0], 0.9, 0.0),
        (x, gamma, beta, mean, olds[1], 0.75, 0.0),
        *((x, gamma, beta, mean, olds[1], momentum, 0.0) for momentum in (0.0, 1.0)),
        (x, gamma, beta, np.zeros(2), np.ones(2), 0.75, 0.0),
        (np.hstack([x[:, :1], np.full_like(x[:, :1], 3)]), gamma, beta, mean, olds[1], 0.75, 1.0),
    ]
    reasons = ("17 = 0.9 * 18 + 0.1 * 8", "0.75 * the old variance + 0.25 * the variance of x")
    reasons += "With momentum 0, nothing of the old variance is kept.", "With momentum 1, the old variance is kept."
    reasons += BEGINNING, "The variance of a constant feature is 0."
    for case, because, (_, _, got) in zip(cases, reasons, submission.batch_norm_train.map(cases), strict=True):
        batch, _, _, _, old, momentum, _ = case
        wanted, unbiased = (momentum * old + (1 - momentum) * batch.var(axis=0, ddof=ddof) for ddof in (0, 1))
        assert_variance(got, wanted, unbiased, because)


def assert_variance(got, wanted, unbiased, because):
    """Accept the variance divided by N, as in Keras, and with a remark the one divided by N - 1, as in PyTorch."""
    try:
        assert_close(got, wanted, row_accepted=True, because=because, terms=256)
    except CheckFailedError:
        have = np.asarray(got)
        if have.size != np.size(unbiased) or not np.allclose(have.reshape(-1), unbiased, rtol=1e-6):
            raise
        remark("new_var uses the variance divided by N - 1, as PyTorch does; Keras divides by N. Accepted.")


@pytest.mark.criterion("train-together")
def test_train_together(submission, reference, rng):
    """Normalises tables and images of any size with gamma, beta and eps."""
    inputs = (table(rng), table(rng, 300, 2), images(rng), np.asfortranarray(images(rng, (2, 4, 3, 2))))
    cases = [(x, *parameters(rng, x.shape[-1]), 0.9, 1e-2) for x in inputs]
    cases.append((table(rng), *parameters(rng, 3)))
    because = "Each channel has its own mean, variance, gamma and beta. The default eps is 0.001."
    assert_first_close(submission.batch_norm_train, reference.batch_norm_train, cases, because=because, terms=300)


@pytest.mark.criterion("train-unchanged")
def test_train_inputs_unchanged(submission, rng):
    """Returns new arrays and does not change x, gamma, beta or the moving statistics."""
    x, gamma, beta, mean, variance, momentum, eps = plain(np.hstack([column(rng), column(rng) * 10]))
    arguments = x, gamma, beta, mean + numbers(rng, 2), variance * numbers(rng, 2), momentum, eps
    assert_inputs_unchanged(submission.batch_norm_train, x, gamma + 1, beta + 2, *arguments[3:6], 0.5)
    photos = images(rng)
    assert_unchanged_for_images(submission.batch_norm_train, photos, *parameters(rng, photos.shape[-1]), 0.5, 0.5)
    y, mean, _ = submission.batch_norm_train(*arguments)
    assert_shape(y, x.shape)
    assert_per_feature(mean, 2)


# ------------------------------------------------------------------------------------------ batch_norm_infer


def plain_infer(rng, x, *, gamma=None, beta=None, eps=0.0):
    """Return the arguments of inference: moving statistics other than those of x, and the rest switched off."""
    c = x.shape[-1]
    gamma = np.ones(c) if gamma is None else gamma
    beta = np.zeros(c) if beta is None else beta
    return x, gamma, beta, numbers(rng, c), numbers(rng, c) ** 2, eps


@pytest.mark.criterion("inference")
def test_infer_by_hand(submission, reference, rng):
    """Subtracts the moving mean and divides by the root of the moving variance."""
    x = np.array([[8.0], [5], [2]])
    arguments = (x, np.ones(1), np.zeros(1), np.array([2.0]), np.array([9.0]), 0.0)
    hand = [(arguments, (x - 2) / 3, "2 = (8 - 2) / sqrt(9)")]
    cases = [plain_infer(rng, column(rng))]
    cases.append((*cases[0][:4], cases[0][4] / 2**18, 0.0))
    because = "Use only moving_mean and moving_var."
    assert_first_close(submission.batch_norm_infer, reference.batch_norm_infer, cases, because=because, hand=hand)


@pytest.mark.criterion("inference")
def test_infer_features(submission, reference, rng):
    """Uses the moving statistics of each feature, however large the batch is."""
    cases = [plain_infer(rng, table(rng)), plain_infer(rng, table(rng, 300, 2))]
    because = "Use only moving_mean and moving_var."
    assert_first_close(submission.batch_norm_infer, reference.batch_norm_infer, cases, because=because)


@pytest.mark.criterion("inference")
def test_infer_batch_of_one(submission, reference, rng):
    """Normalises a single example as it would in a larger batch."""
    cases = [plain_infer(rng, column(rng)[:1]), plain_infer(rng, images(rng, (1, 1, 1, 2)))]
    cases += [plain_infer(rng, table(rng)[:1]), plain_infer(rng, images(rng, (1, 2, 3, 2)))]
    because = "A single example has no variance of its own: use the moving statistics."
    assert_first_close(submission.batch_norm_infer, reference.batch_norm_infer, cases, because=because)


@pytest.mark.criterion("infer-epsilon")
def test_infer_epsilon(submission, rng):
    """Divides by the square root of the moving variance plus eps."""
    x = column(rng)
    cases = [(plain(x)[:5], 9.0), ((x, np.ones(1), np.zeros(1), x.mean(axis=0), rng.uniform(0.04, 0.16, 1)), 1e-2)]
    answers = submission.batch_norm_infer.map([(*arguments, e) for arguments, eps in cases for e in (0.0, eps)])
    for _, eps in cases:
        without = next(answers)
        divisor = spread_of(without, x)
        because = (
            f"With eps 0 you divide by {divisor:.4g}. With eps {eps:g}, divide by sqrt({divisor:.4g}**2 + {eps:g})."
        )
        wanted = real(without) * (divisor / np.sqrt(divisor**2 + eps))
        assert_close(next(answers), wanted, because=because)
    plainest = x, np.ones(1), np.zeros(1), x.mean(axis=0)
    cases = [(*plainest, np.full(1, variance), eps) for variance, eps in ((4.5, 4.5), (0.0, 4.0))]
    nine, y = submission.batch_norm_infer.map(cases)
    for result in (nine, y):
        assert_shape(result, x.shape)
    if np.allclose(real(nine), (x - x.mean()) / 3):  # if not, the moving variance is not used, or eps has been seen
        because = "The moving variance of a constant feature is 0. With eps 4, divide by sqrt(0 + 4)."
        assert_close(y, (x - x.mean()) / 2, because=because)


@pytest.mark.criterion("infer-scale")
def test_infer_scale_and_shift(submission, rng):
    """Multiplies the normalised numbers by gamma and then adds beta, feature by feature."""
    x, gamma, beta = np.hstack([column(rng), column(rng) + 100]), numbers(rng, 2), numbers(rng, 2)
    statistics = plain(x)[3:5]
    cases = [(x, np.ones(2), np.zeros(2), *statistics, 0.0), (x, gamma, beta, *statistics, 0.0)]
    answers = submission.batch_norm_infer.map(cases)
    normal = next(answers)
    spread_of(normal, x)
    because = "With gamma 1 and beta 0, the function returns (y - beta) / gamma."
    assert_close(next(answers), real(normal) * gamma + beta, because=because)


@pytest.mark.criterion("infer-together")
def test_infer_together(submission, reference, rng):
    """Normalises tables and images of any size with gamma, beta and eps."""
    inputs = (table(rng), images(rng), np.asfortranarray(images(rng, (2, 4, 3, 2))), images(rng, (6, 9, 7, 3)))
    cases = [(x, *parameters(rng, x.shape[-1]), 1e-2) for x in inputs]
    cases.append((table(rng), *parameters(rng, 3)))
    because = "Each channel has its own moving mean, moving variance, gamma and beta. The default eps is 0.001."
    assert_first_close(submission.batch_norm_infer, reference.batch_norm_infer, cases, because=because)


@pytest.mark.criterion("infer-unchanged")
def test_infer_inputs_unchanged(submission, rng):
    """Does not update the moving statistics or change any other argument."""
    x = column(rng)
    statistics = x.mean(axis=0) + rng.integers(1, 9), x.var(axis=0) / 10_000
    arguments = x, np.ones(1), np.zeros(1), *statistics, 0.0
    assert_inputs_unchanged(submission.batch_norm_infer, x, np.full(1, 2.0), np.ones(1), *statistics, 0.5)
    photos = images(rng)
    assert_unchanged_for_images(submission.batch_norm_infer, photos, *parameters(rng, photos.shape[-1]), 0.5)
    y = submission.batch_norm_infer(*arguments)
    assert_shape(y, x.shape)
    same_order = (np.argsort(real(y)[:, 0]) == np.argsort(x[:, 0])).all()
    assert_that(
        same_order, y, "the numbers of y are in a different order from those of x", "the largest y for the largest x"
    )
    distance, before = distance_in(y), np.ptp(x)
    seen, expected = f"y has a range of {distance:.3g}, like x", "a range that depends on the moving variance"
    assert_that(abs(distance - before) > before / 10, y, seen, expected)


# --------------------------------------------------------------------------------------- batch_norm_backward

HAND_X = np.array([[3.0], [3.0], [7.0], [7.0]])
HAND_DY = np.array([[1.0], [2.0], [3.0], [6.0]])
ONE = np.ones(1)


def gradient(rng, x):
    """Return whole numbers from 2 to 18. Each feature has a sum of its own."""

    def draw():
        return rng.integers(2, 9, size=x.shape) * rng.choice([-1.0, 1.0], size=x.shape) + 10

    return draw_until(lambda dy: len(set(rows_of(dy).sum(axis=0))) == x.shape[-1], draw)


def without_sum(dy, x):
    """Return dy less its mean."""
    return dy - dy.mean(axis=0)


def without_slope(dy, x):
    """Return dy less its part along x; the sum stays the same."""
    centred = x - x.mean(axis=0)
    return dy - centred * (dy * centred).sum(axis=0) / (centred**2).sum(axis=0)


@pytest.mark.criterion("backward-input")
def test_backward_direct_path(submission, reference, rng):
    """Divides dy by the standard deviation if dy sums to 0 and does not vary with x."""
    hand = np.array([[1.0], [-1], [2], [-2]])
    x = column(rng)
    dy = without_slope(without_sum(gradient(rng, x), x), x)
    because = "mean 5, variance 4: dx = dy / 2. The paths through mean and variance bring nothing for this dy."
    worked = [((hand, HAND_X, ONE, 0.0), hand / 2, because)]
    because = "dx = gamma * dy / standard deviation. The paths through mean and variance bring nothing for this dy."
    cases = [(dy, x, ONE, 0.0)]
    assert_first_close(
        submission.batch_norm_backward, reference.batch_norm_backward, cases, because=because, hand=worked
    )


@pytest.mark.criterion("backward-input")
def test_backward_mean_path(submission, reference, rng):
    """Sends back the part of the gradient that goes through the mean."""
    x = column(rng)
    dy = without_slope(gradient(rng, x), x)
    because = "Add 1 to every x: y does not change, so the sum of dx is 0."
    assert_first_close(
        submission.batch_norm_backward, reference.batch_norm_backward, [(dy, x, ONE, 0.0)], because=because
    )


@pytest.mark.criterion("backward-input")
def test_backward_variance_path(submission, reference, rng):
    """Sends back the part of the gradient that goes through the variance."""
    x = column(rng)
    dy = draw_until(lambda dy: dy[-1, 0] != 0, lambda: without_sum(gradient(rng, x), x))
    because = "Double every distance from the mean: y does not change, so the sum of dx * (x - mean) is 0."
    assert_first_close(
        submission.batch_norm_backward, reference.batch_norm_backward, [(dy, x, ONE, 0.0)], because=because
    )


@pytest.mark.criterion("backward-input")
def test_backward_dx(submission, reference, rng):
    """Adds up all three paths."""
    hand = [((HAND_DY, HAND_X, ONE, 0.0), np.array([[-1.0], [1.0], [-3.0], [3.0]]) / 4, "-0.25 = (1 - 3 + 1.5) / 2")]
    cases = [(gradient(rng, x), x, ONE, 0.0) for x in (column(rng), column(rng, 300))]
    assert_first_close(submission.batch_norm_backward, reference.batch_norm_backward, cases, hand=hand, terms=300)


@pytest.mark.criterion("backward-scale")
def test_backward_scale(submission, rng):
    """Multiplies dx by gamma."""
    x = column(rng)
    dy, gamma = gradient(rng, x), numbers(rng, 1)
    answers = submission.batch_norm_backward.map([(dy, x, ONE, 0.0), (dy, x, gamma, 0.0)])
    plain_dx, _, _ = next(answers)
    spread_of(plain_dx, x)
    dx, _, _ = next(answers)
    assert_close(dx, real(plain_dx) * gamma, because=f"With gamma 1, the function returns dx / {gamma[0]:g}.")


@pytest.mark.criterion("backward-epsilon")
def test_backward_epsilon(submission, rng):
    """Divides dx by the square root of variance plus eps."""
    x = column(rng)
    dy = without_slope(without_sum(gradient(rng, x), x), x)
    small = (x - x.mean()) / x.std() * rng.uniform(0.2, 0.4) + 2
    cases = [(x, 9.0), (small, 1e-2)]
    answers = submission.batch_norm_backward.map([(dy, x, ONE, e) for x, eps in cases for e in (0.0, eps)])
    for _, eps in cases:
        without, _, _ = next(answers)
        divisor = spread_of(without, dy)
        dx, _, _ = next(answers)
        because = (
            f"With eps 0 you divide by {divisor:.4g}. With eps {eps:g}, divide by sqrt({divisor:.4g}**2 + {eps:g})."
        )
        assert_close(dx, real(without) * (divisor / np.sqrt(divisor**2 + eps)), because=because)
    because = "The variance of a constant feature is 0. With eps 4, divide by sqrt(0 + 4)."
    plain_dx, _, _ = submission.batch_norm_backward(dy, x, ONE, 0.0)
    assert_shape(plain_dx, x.shape)
    dx, *others = submission.batch_norm_backward(dy, np.full(x.shape, 7.0), ONE, 4.0)
    if np.allclose(real(plain_dx), dy / x.std()):  # if not, the factor has its own criterion
        assert_close(dx, dy / 2, because=because)
    for result in others:
        assert_finite(result, because)


@pytest.mark.criterion("backward-epsilon")
def test_backward_epsilon_gamma(submission, rng):
    """Normalises x with eps in the gradient of gamma."""
    x = twins(rng)
    dy, eps, gamma = 1000 * gradient(rng, x), 9.0, np.ones(2)  # large, so that even whole numbers differ
    balanced = without_slope(without_sum(dy, x), x)
    answers = submission.batch_norm_backward.map([(balanced, x, gamma, 0.0), (dy, x, gamma, 0.0), (dy, x, gamma, eps)])
    dx, _, _ = next(answers)
    assert_shape(dx, x.shape)
    divisor = float(np.ptp(balanced)) / distance_in(dx)
    _, without, _ = next(answers)
    distance_in(without)
    _, dgamma, _ = next(answers)
    because = f"dgamma has the factor 1 / {divisor:.4g} with eps 0, and 1 / sqrt({divisor:.4g}**2 + 9) with eps 9."
    # The standard deviation of both features, or what dx shows: neither a wrong one nor a wrong dx is the matter here.
    several = [np.ravel(real(without)) * (one / np.sqrt(one**2 + eps)) for one in (x[:, 0].std(), divisor)]
    right = [one for one in several if np.size(dgamma) == 2 and np.allclose(np.ravel(real(dgamma)), one, rtol=1e-5)]
    assert_close(dgamma, (right or several)[-1], row_accepted=True, because=because)


@pytest.mark.criterion("backward-gamma")
def test_backward_dgamma(submission, reference, rng):
    """Sums dy times the normalised x."""
    x = twins(rng)
    hand = np.hstack([HAND_DY, HAND_DY[::-1]]), np.hstack([HAND_X, HAND_X])
    cases = [(*hand, np.ones(2), 0.0), (gradient(rng, x), x, np.ones(2), 0.0)]
    cases += [(*hand, gamma, 0.0) for gamma in (numbers(rng, 2), np.array([0.0, 2.0]))]
    reasons = (
        "6 = -1 - 2 + 3 + 6",
        "Multiply dy by (x - mean) / standard deviation, then add up.",
        *2 * ["The gradient of gamma does not depend on gamma."],
    )
    for case, because, (_, dgamma, _) in zip(cases, reasons, submission.batch_norm_backward.map(cases), strict=True):
        assert_close(dgamma, reference.batch_norm_backward(*case)[1], row_accepted=True, because=because)


@pytest.mark.criterion("backward-beta")
def test_backward_dbeta(submission, rng):
    """Sums dy for each feature."""
    x = twins(rng)
    hand = np.hstack([HAND_DY, HAND_DY + 1]), np.hstack([HAND_X, HAND_X])
    cases = [(*hand, np.ones(2), 0.0), (gradient(rng, x), x, np.ones(2), 0.0), (*hand, numbers(rng, 2), 0.0)]
    reasons = (
        "12 = 1 + 2 + 3 + 6",
        "The gradient of beta is the sum of dy.",
        "The gradient of beta does not depend on gamma.",
    )
    for case, because, (_, _, dbeta) in zip(cases, reasons, submission.batch_norm_backward.map(cases), strict=True):
        assert_close(dbeta, case[0].sum(axis=0), row_accepted=True, because=because)


@pytest.mark.criterion("backward-images")
def test_backward_features(submission, rng):
    """Gives each feature the gradients that it has alone."""
    x = np.hstack([column(rng), column(rng) * 10])
    dy = 1000 * gradient(rng, x)  # large, so that even whole numbers differ
    cases = [(dy[:, [c]], x[:, [c]], ONE, 0.0) for c in range(2)]
    *alone, got = submission.batch_norm_backward.map([*cases, (dy, x, np.ones(2), 0.0)])
    for dx, dgamma, dbeta in alone:
        assert_shape(dx, (len(x), 1))
        for one in (dgamma, dbeta):
            shape = f"{one.name} has shape {np.shape(one)}"
            assert_that(np.size(one) == 1, one, shape, "(1,)", reason=Reason.WRONG_SHAPE)
    first, second = ((real(dx), np.ravel(dgamma), np.ravel(dbeta)) for dx, dgamma, dbeta in alone)
    wanted = [np.concatenate(pair, axis=-1) for pair in zip(first, second, strict=True)]
    assert_same_gradients(got, wanted, "in a separate table")


@pytest.mark.criterion("backward-images")
def test_backward_images(submission, rng):
    """Counts every pixel of every image as an example of its channel."""
    x = np.hstack([column(rng, 12), column(rng, 12)])
    dy, gamma, shape = gradient(rng, x), np.ones(2), (2, 2, 3, 2)
    cases = [(dy, x, gamma, 0.0), (dy.reshape(shape), x.reshape(shape), gamma, 0.0)]
    (dx, dgamma, dbeta), got = submission.batch_norm_backward.map(cases)
    assert_shape(dx, x.shape)
    wanted = real(dx).reshape(shape), np.ravel(dgamma), np.ravel(dbeta)
    assert_same_gradients(got, wanted, "as a table of 12 rows")
    gamma = numbers(rng, 2)
    shapes = shape, (1, 3, 4, 2)
    cases = [(dy, x, gamma, 3.0), *((dy.reshape(shape), x.reshape(shape), gamma, 3.0) for shape in shapes)]
    (dx, dgamma, dbeta), *several = submission.batch_norm_backward.map(cases)
    assert_shape(dx, x.shape)
    for shape, got in zip(shapes, several, strict=True):
        wanted = real(dx).reshape(shape), np.ravel(dgamma), np.ravel(dbeta)
        assert_same_gradients(got, wanted, "as a table of 12 rows")


def assert_same_gradients(got, wanted, how):
    """Fail unless the results are those of the same numbers in another form, and dx and dgamma vary."""
    for result, right in zip(got, wanted, strict=True):
        because = f"The same numbers {how} give a different {result.name}."
        assert_close(result, right, row_accepted=result.name != "dx", terms=256, because=because)
    for varied in got[:2]:
        distance_in(varied)


@pytest.mark.criterion("backward-together")
def test_backward_together(submission, reference, rng):
    """Computes dx for tables and images of any size with gamma and eps."""
    inputs = (table(rng), table(rng, 120, 2) * 0.05, images(rng), np.asfortranarray(images(rng, (2, 4, 3, 2))))
    cases = [(rng.normal(size=x.shape) + 1, x, parameters(rng, x.shape[-1])[0], 1e-2) for x in inputs]
    x = table(rng)
    cases.append((rng.normal(size=x.shape) + 1, x, parameters(rng, 3)[0]))
    because = "Each channel has its own mean, variance and gamma. The default eps is 0.001."
    assert_first_close(submission.batch_norm_backward, reference.batch_norm_backward, cases, because=because, terms=256)


@pytest.mark.criterion("backward-unchanged")
def test_backward_inputs_unchanged(submission, rng):
    """Returns new gradients and does not change dy, x or gamma."""
    x = twins(rng)
    dy, gamma = gradient(rng, x), np.ones(2)
    assert_inputs_unchanged(submission.batch_norm_backward, dy, x, np.array([2.0, 3.0]), 0.5)
    photos = images(rng)
    case = gradient(rng, photos), photos, parameters(rng, photos.shape[-1])[0], 0.5
    assert_unchanged_for_images(submission.batch_norm_backward, *case)
    _, _, dbeta = submission.batch_norm_backward(dy[:1], x[:1], gamma, 1.0)
    assert_close(dbeta, dy[0], row_accepted=True, because="There is one example: its dy is the gradient of beta.")


# ----------------------------------------------------------------------------------------- fold_bn_into_conv


def fold_arguments(rng, w, *, b=None, gamma=None, beta=None, mean=None, variance=None, eps=0.0):
    """Return the arguments of the folding with everything switched off that is not given."""
    filters = w.shape[-1]
    given = [(b, 0.0), (gamma, 1.0), (beta, 0.0), (mean, 0.0), (variance, 1.0)]
    return (w, *(np.full(filters, plain) if value is None else value for value, plain in given), eps)


@pytest.mark.criterion("folding")
def test_fold_weights(submission, reference, rng):
    """Multiplies the weights by gamma and divides them by the root of the moving variance plus eps."""
    w = distinct_weights(rng, 1, 1, 1, 1)
    hand = (np.full((1, 1, 1, 1), 3.0), *(np.array([v]) for v in (0.0, 10.0, 0.0, 0.0, 16.0)), 9.0)
    cases = [
        fold_arguments(rng, w, gamma=numbers(rng, 1)),
        fold_arguments(rng, w, variance=numbers(rng, 1)),
        fold_arguments(rng, w, variance=numbers(rng, 1), eps=3.0),
    ]
    worked = [(hand, [[[[6.0]]]], "10 / sqrt(16 + 9) = 2, and 3 * 2 = 6")]
    assert_first_close(submission.fold_bn_into_conv, reference.fold_bn_into_conv, cases, hand=worked)


@pytest.mark.criterion("folding")
def test_fold_bias(submission, reference, rng):
    """Treats the bias as batch norm treats any number: minus the mean, times the scale, plus beta."""
    w = distinct_weights(rng, 1, 1, 1, 1)
    hand = (np.full((1, 1, 1, 1), 3.0), *(np.array([v]) for v in (4.0, 10.0, 7.0, 1.0, 16.0)), 9.0)
    scale = {"gamma": numbers(rng, 1), "b": numbers(rng, 1)}
    cases = [hand, fold_arguments(rng, w, **scale), fold_arguments(rng, w, **scale, mean=numbers(rng, 1))]
    cases.append(fold_arguments(rng, w, mean=numbers(rng, 1)))
    subtracted = "The moving mean is subtracted from the bias, which may be 0."
    reasons = ("13 = (4 - 1) * 2 + 7", "The bias is multiplied too.", subtracted, subtracted)
    for case, because, (_, b) in zip(cases, reasons, submission.fold_bn_into_conv.map(cases), strict=True):
        assert_close(b, reference.fold_bn_into_conv(*case)[1], because=because)


@pytest.mark.criterion("folding")
def test_fold_filters(submission, reference, rng):
    """Scales each filter by its own factor."""
    cases = [(rng.normal(size=(3, 2, 4, 5)), rng.normal(size=5), *parameters(rng, 5), 1e-2)]
    cases.append(cases[0][:-1])
    for case, answer in zip(cases, submission.fold_bn_into_conv.map(cases), strict=True):
        for got, wanted in zip(answer, reference.fold_bn_into_conv(*case), strict=True):
            assert_close(got, wanted, because="The filters are the last axis of w.")


@pytest.mark.criterion("folding-unchanged")
def test_fold_inputs_unchanged(submission, rng):
    """Returns new weights and does not change w or b."""
    w, b = distinct_weights(rng, 2, 2, 1, 1), numbers(rng, 1)
    assert_inputs_unchanged(
        submission.fold_bn_into_conv, *fold_arguments(rng, w, b=b, gamma=numbers(rng, 1) + 10, variance=numbers(rng, 1))
    )
    new_w, _ = submission.fold_bn_into_conv(*fold_arguments(rng, w, gamma=np.array([2.0])))
    assert_close(new_w, 2 * w, because="gamma is 2, and nothing else changes the weights.")


def distinct_weights(rng, *shape):
    count = int(np.prod(shape))
    return (rng.permutation(count + 20)[:count] + 2.0).reshape(shape)
