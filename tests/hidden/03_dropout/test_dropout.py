"""Hidden checks of exercise 3. They test distributions: a right answer fails a check in less than 1e-6 of the runs.

Rates are 0.3 and random ones from 0.15 to 0.45, never 0.5: at 0.5, dropped and kept units look the same.
"""

import math

import numpy as np
import pytest

from grader.checks import (
    assert_close,
    assert_fraction,
    assert_generator_used,
    assert_inputs_unchanged,
    assert_raises,
    assert_shape,
    assert_that,
    fail,
)

RATE = 0.3
LIMIT = 5.2  # standard deviations: exceeded in two of ten million runs

OF_ARGUMENTS = "it tests the arguments after the call; other checks of its criterion test the result"


def rates(rng):
    """Return 0.3, one rate well below it and one well above it."""
    return RATE, round(rng.uniform(0.15, 0.22), 3), round(rng.uniform(0.38, 0.45), 3)


def draw(submission, rng, shape, rate=RATE, value=5.0):
    """Return y and mask of one call in training on a constant array."""
    return next(draws(submission, [(shape, rate, rng.integers(2**32))], value))


def draws(submission, settings, value=5.0):
    """Yield y and mask of calls in training on constant arrays, one call per shape, rate and seed."""
    cases = [(np.full(shape, value), rate, True, np.random.default_rng(seed)) for shape, rate, seed in settings]
    for (x, *_), (y, mask) in zip(cases, submission.dropout.map(cases), strict=True):
        assert_shape(y, x.shape)
        assert_shape(mask, x.shape)
        swapped = np.max(mask) > np.max(y)  # y is the mask times a value above 1
        assert_that(
            not swapped, mask, f"the mask holds larger numbers than y although x is {value:g}", "y first, then the mask"
        )
        yield y, mask


def assert_drops(submission, rng):
    """Fail if no unit is dropped in training: a function that always returns x must not pass a check of inference."""
    _, mask = draw(submission, rng, (20, 50))
    assert_that((np.asarray(mask) != 1).any(), mask, "in training the mask holds only ones", "zeros for dropped units")


@pytest.mark.criterion("drops-at-rate")
def test_mask_is_zero_or_scaled(submission, rng):
    """Returns a mask that holds zeros and one other number."""
    _, mask = draw(submission, rng, (20, 50))
    kinds = len(set(np.nan_to_num(np.asarray(mask, dtype=float), nan=-1.0).round(9).flat))
    assert_that(
        kinds == 2 and (np.asarray(mask) == 0).any(),
        mask,
        f"the mask holds {kinds} different number{'s' if kinds > 1 else ''}"
        if kinds != 2
        else "the mask holds no zeros",
        "zeros for dropped units and one other number for kept units",
    )


@pytest.mark.criterion("drops-at-rate")
def test_fraction_dropped(submission, rng):
    """Drops about 30% of the units at rate 0.3, and 42% at rate 0.42."""
    settings = [((200, 50), rate, rng.integers(2**32)) for rate in rates(rng)]  # 2e-7 for each of three rates
    for (_, rate, _), (_, mask) in zip(settings, draws(submission, settings), strict=True):
        assert_fraction(int(np.sum(np.asarray(mask) == 0)), mask.size, rate, mask, "the units were dropped")


@pytest.mark.criterion("scales-survivors")
def test_survivors_are_scaled(submission, rng):
    """Scales the kept units to make up for the dropped ones."""
    cases = [  # no unit of 90 is kept in 0.45 ** 90 = 6e-32 of the draws
        (rng.uniform(1, 9, size=(9, 10)), rate, True, np.random.default_rng(rng.integers(2**32)))
        for rate in rates(rng)[:2]
    ]
    for (x, rate, _, _), (y, mask) in zip(cases, submission.dropout.map(cases), strict=True):
        assert_shape(mask, x.shape)
        assert_close(y, x * np.asarray(mask), because="y is x times the mask, element by element.")
        on = np.asarray(mask) != 0
        assert_that(on.any(), mask, "no unit is kept", f"about {1 - rate:.0%} of them")
        assert_that(
            np.allclose(np.asarray(mask)[on], 1 / (1 - rate), rtol=1e-5),
            mask,
            f"the kept units are multiplied by {float(np.asarray(mask)[on][0]):.4g}",
            f"the factor that keeps the mean of x although {100 * rate:.3g}% of the units are 0",
        )


@pytest.mark.criterion("scales-survivors")
def test_mean_is_preserved(submission, rng):
    """Keeps the mean: a layer of fives still has the mean 5."""
    rate = rates(rng)[2]
    y, _ = draw(submission, rng, (200, 50), rate)
    spread = 5 * math.sqrt(rate / (1 - rate) / y.size)  # the mean is more than 5.2 of them off in 2e-7 of the draws
    mean = float(np.asarray(y).mean())
    assert_that(abs(mean - 5) <= LIMIT * spread, y, f"the mean of y is {mean:.3g}", "about 5, the mean of x")
    assert_that((np.asarray(y) == 0).any(), y, "no element of y is 0", f"about {rate:.0%} of them")


def other_rate(rng):
    """Return a rate for which the sums below are almost normal."""
    return round(rng.uniform(0.25, 0.45), 3)


def assert_apart(off, mask):
    """Fail if units at any distance are dropped together, or apart, more often than independent units.

    The lengths of `off` are odd, so that no distance counts a pair twice: at each distance, the sum over all pairs
    divided by its standard deviation is almost a standard normal number.
    """
    deviations = off - off.mean()
    together = np.fft.irfftn(np.abs(np.fft.rfftn(deviations)) ** 2, s=off.shape, axes=range(off.ndim))
    scores = np.abs(together) / (deviations.var() * math.sqrt(off.size))
    scores.flat[0] = 0  # each unit with itself
    worst = np.unravel_index(int(scores.argmax()), scores.shape)
    # A score exceeds 7 at one in 4e11 distances, or one in 1e11 at rate 0.25, for which the sum is a little skewed.
    # Four maps of at most 3,217 pairs of distances make 1e-7.
    if scores[worst] < 7:
        return
    distance = ", ".join(str(int(d) if 2 * d < n else int(d - n)) for d, n in zip(worst, off.shape, strict=True))
    place = f"({distance})" if off.ndim > 1 else f"{distance} in reading order"
    share = float((off == np.roll(off, [-d for d in worst], tuple(range(off.ndim)))).mean())
    coins = off.mean() ** 2 + (1 - off.mean()) ** 2
    seen = f"{share:.1%} of the units are dropped or kept like the unit at distance {place}, counted cyclically"
    fail(mask, seen, f"about {coins:.0%}")


@pytest.mark.criterion("independent-units")
def test_examples_differ(submission, rng):
    """Drops each element independently of all others, in the same example and in other examples."""
    shapes = ((9, 25, 27), (45, 135), (5, 9, 11, 13))
    settings = [(shape, other_rate(rng), rng.integers(2**32)) for shape in shapes]
    for (_, rate, _), (_, mask) in zip(settings, draws(submission, settings), strict=True):
        off = np.asarray(mask) == 0
        assert_that(
            off.any() and not off.all(), mask, "all units are dropped, or all are kept", "some dropped and some kept"
        )
        alike, agree = int(np.sum(off[0] == off[1])), rate**2 + (1 - rate) ** 2
        assert_fraction(
            alike, off[0].size, agree, mask, "the units are in the same state (dropped or kept) in the next example"
        )
        assert_apart(off, mask)
    assert_apart(off.reshape(-1), mask)


@pytest.mark.criterion("independent-units")
def test_count_varies(submission, rng):
    """Drops different units, and a different number of them, in each call."""
    size, times, rate = 600, 32, other_rate(rng)
    x, masks = np.ones((1, size)), []
    cases = [(x, rate, True, np.random.default_rng(seed)) for seed in rng.integers(2**32, size=times)]
    for _, mask in submission.dropout.map(cases):
        assert_shape(mask, x.shape)
        masks.append(np.asarray(mask)[0] == 0)
    counts = np.sum(masks, axis=1)
    low, high = int(counts.min()), int(counts.max())
    extreme = low if low == 0 else high
    assert_that(0 < low <= high < size, mask, f"a call dropped {extreme} of {size} units", "some of them")
    seen = f"each of {times} calls dropped {low} of {size} units"
    assert_that(low < high, mask, seen, "a number that varies from call to call, as for independent units")
    share = float(np.mean(masks))
    variance = size * share * (1 - share)
    # Chi-squared with 31 degrees of freedom: below 5.5 or above 91 once in five million.
    spread = float(np.var(counts)) * times / variance
    assert_that(
        5.5 < spread < 91,
        mask,
        f"{times} calls dropped between {low} and {high} of {size} units, with a standard deviation of {counts.std():.1f}",
        f"about {math.sqrt(variance):.1f}, as for independent units",
    )
    # Two of 32 right masks are equal in 496 * (0.75 ** 2 + 0.25 ** 2) ** 600 < 1e-100 of the runs.
    different = len({one.tobytes() for one in masks})
    assert_that(
        different == times,
        mask,
        f"{times} calls with different generators returned {different} different masks",
        f"{times}: a different generator must give a different mask",
    )


@pytest.mark.criterion("chance-from-rng")
def test_generator_decides(submission, rng):
    """Takes all random numbers from `rng`, and returns a new mask in the next call."""
    value = rng.uniform(4, 9)
    one, other = (int(seed) for seed in rng.integers(2**32, size=2))
    masks = []
    for _, mask in draws(submission, [((10, 100), RATE, seed) for seed in (one, other, one)], value):
        masks.append(np.asarray(mask) == 0)
        assert_that(
            masks[-1].any() and not masks[-1].all(),
            mask,
            "all units are dropped, or all are kept",
            "some dropped and some kept",
        )
    assert_that(
        not np.array_equal(masks[0], masks[1]),
        mask,
        "two different generators gave the same mask",
        "all random numbers from `rng`",
        "Does the function set a seed of its own?",
    )
    assert_that(
        np.array_equal(masks[0], masks[2]),
        mask,
        "two equal generators gave different masks",
        "all random numbers from `rng`",
        "Does the function use np.random instead of its argument?",
    )
    x = np.full((10, 100), value)
    assert_generator_used(submission.dropout, x, RATE, True, np.random.default_rng(one))


@pytest.mark.criterion("inference")
def test_inference_is_identity(submission, rng):
    """Returns x and a mask of ones if it is not training."""
    x = rng.normal(size=(5, 50)) + 6  # large enough for the diagnosis to compare distributions
    cases = [(x, RATE, False, np.random.default_rng(rng.integers(2**32))) for _ in range(2)]
    for y, mask in submission.dropout.map(cases):
        assert_close(y, x, because="At inference nothing is dropped and nothing is scaled.")
        assert_close(mask, np.ones_like(x), because="At inference the mask holds only ones.")
    assert_drops(submission, rng)


@pytest.mark.criterion("inference", alone="an edge case that a formula can miss: division by zero")
def test_rate_zero_is_identity(submission, rng):
    """Drops nothing at rate 0, even in training."""
    x = rng.normal(size=(2, 3, 4))
    y, mask = submission.dropout(x, 0.0, True, np.random.default_rng(rng.integers(2**32)))
    assert_close(y, x, because="With rate 0 every unit is kept.")
    assert_close(mask, np.ones_like(x), because="1 / (1 - 0) = 1")
    assert_drops(submission, rng)


@pytest.mark.criterion("contract", alone="a required error, not a misconception")
def test_rate_out_of_range(submission, rng):
    """Raises ValueError for a rate outside [0, 1)."""
    x = rng.uniform(1, 2, size=(2, 2))
    for rate in (1.0, 1 + rng.uniform(0.1, 1), -rng.uniform(0.1, 1)):
        assert_raises(
            submission.dropout,
            ValueError,
            x,
            rate,
            True,
            np.random.default_rng(0),
            because="The rate must be in [0, 1).",
        )


@pytest.mark.criterion("contract")
def test_input_unchanged(submission, rng):
    """Does not change x, and returns x times the mask."""
    x = rng.uniform(1, 2, size=(5, 6))
    assert_inputs_unchanged(submission.dropout, x, RATE, True, np.random.default_rng(0))
    assert_inputs_unchanged(submission.dropout, x, RATE, False, np.random.default_rng(0))
    large = np.full((70, 40), 5.0)
    assert_inputs_unchanged(submission.dropout, large, RATE, True, np.random.default_rng(0))
    y, mask = draw(submission, rng, (20, 50))
    assert_close(y, 5 * np.asarray(mask), because="y is x times the mask, element by element.")
    kinds = len(set(np.asarray(mask).flat))
    assert_that(np.isfinite(mask).all(), mask, "the mask holds numbers that are not finite", "finite numbers")
    assert_that(kinds > 1, mask, "the mask holds the same number everywhere", "zeros and one other number")


@pytest.mark.criterion("backward")
def test_backward_by_hand(submission, rng):
    """Multiplies the gradient by the mask of the forward pass."""
    dy, mask = rng.normal(size=3), np.array([2.0, 0.0, 2.0])
    cases = [(np.array([3.0, 5.0, 7.0]), np.array([0.0, 2.0, 2.0])), (dy, mask)]
    answers = submission.dropout_backward.map(cases)
    assert_close(next(answers), [0.0, 10.0, 14.0], because="0 = 3 * 0 (a dropped unit), 10 = 5 * 2, 14 = 7 * 2")
    assert_close(next(answers), dy * mask)


@pytest.mark.criterion("backward")
def test_backward_general(submission, reference, rng):
    """Blocks the gradient of dropped units and scales the others, for any shape."""
    cases = []
    for shape in ((4, 5), (2, 3, 5, 4), (70, 40)):
        rate = rates(rng)[1]
        cases.append((rng.normal(size=shape), (rng.random(shape) >= rate) / (1 - rate)))
    for case, dx in zip(cases, submission.dropout_backward.map(cases), strict=True):
        assert_close(dx, reference.dropout_backward(*case))


@pytest.mark.criterion(
    "backward", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_backward_inputs_unchanged(submission, rng):
    """Does not change the gradient and the mask."""
    assert_inputs_unchanged(submission.dropout_backward, rng.normal(size=(3, 4)), np.array([[0.0, 2.0] * 2] * 3))


@pytest.mark.criterion("moments")
def test_moments_by_hand(submission, reference, rng):
    """Predicts the mean and the variance of a unit of value 6 at rate 0.25."""
    drawn = (rng.uniform(1, 9, size=1), rates(rng)[1])
    answers = submission.dropout_moments.map([(np.array([6.0]), 0.25), drawn])
    mean, variance = next(answers)
    assert_close(mean, [6.0], because="mean: (0 + 8 + 8 + 8) / 4 = 6")
    assert_close(variance, [12.0], because="variance: (36 + 4 + 4 + 4) / 4 = 12")
    wanted_mean, wanted_variance = reference.dropout_moments(*drawn)
    mean, variance = next(answers)
    assert_close(mean, wanted_mean)
    assert_close(variance, wanted_variance)


@pytest.mark.criterion("moments")
def test_moments_general(submission, reference, rng):
    """Predicts the mean and the variance of each unit separately, at any rate."""
    x = rng.normal(size=(3, 4)) * 3 + 1
    cases = [(x, rate) for rate in (0.0, 0.1, *rates(rng), rng.uniform(0.6, 0.9))]
    for case, (mean, variance) in zip(cases, submission.dropout_moments.map(cases), strict=True):
        wanted_mean, wanted_variance = reference.dropout_moments(*case)
        assert_close(mean, wanted_mean, because="The mean of each unit, over many draws.")
        assert_close(variance, wanted_variance, because="The variance of each unit, over many draws; not that of x.")


@pytest.mark.criterion(
    "moments", alone="not a frequent mistake, but it destroys data of the caller", constants=OF_ARGUMENTS
)
def test_moments_inputs_unchanged(submission, rng):
    """Does not change x."""
    assert_inputs_unchanged(submission.dropout_moments, rng.normal(size=(3, 4)), 0.3)
