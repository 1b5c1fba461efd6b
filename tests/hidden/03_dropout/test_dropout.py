"""Hidden checks of exercise 3. Chance is held to its laws: a right answer fails a check in less than one run of a million.

Rates are 0.3 and others that the seed draws from 0.15 to 0.45, never 0.5: there, dropping and keeping look the same.
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
LIMIT = 5.2  # standard deviations: two in ten million on either side

OF_ARGUMENTS = "it looks at the arguments after the call; other checks of its criterion look at the result"


def rates(rng):
    """0.3, then one rate well below and one well above it."""
    return RATE, round(rng.uniform(0.15, 0.22), 3), round(rng.uniform(0.38, 0.45), 3)


def draw(submission, rng, shape, rate=RATE, value=5.0):
    """One call in training on a constant array; y and mask, both of its shape."""
    return next(draws(submission, [(shape, rate, rng.integers(2**32))], value))


def draws(submission, settings, value=5.0):
    """Calls in training on constant arrays, one for each shape, rate and seed; y and mask of each."""
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
    """Fail if no unit is off in training: a function that always returns x must not pass a check of inference."""
    _, mask = draw(submission, rng, (20, 50))
    assert_that((np.asarray(mask) != 1).any(), mask, "in training the mask holds ones only", "units that are off")


@pytest.mark.criterion("drops-at-rate")
def test_mask_is_zero_or_scaled(submission, rng):
    """The mask holds zeros and one other number, and nothing else."""
    _, mask = draw(submission, rng, (20, 50))
    kinds = len(set(np.nan_to_num(np.asarray(mask, dtype=float), nan=-1.0).round(9).flat))
    assert_that(
        kinds == 2 and (np.asarray(mask) == 0).any(),
        mask,
        f"the mask holds {kinds} different number{'s' if kinds > 1 else ''}"
        if kinds != 2
        else "the mask holds no zeros",
        "zeros for units that are off and one other number for those that are on",
    )


@pytest.mark.criterion("drops-at-rate")
def test_fraction_dropped(submission, rng):
    """Drops about 30 % of the units at rate 0.3, and 42 % at rate 0.42."""
    settings = [((200, 50), rate, rng.integers(2**32)) for rate in rates(rng)]  # 2e-7 for each of three rates
    for (_, rate, _), (_, mask) in zip(settings, draws(submission, settings), strict=True):
        assert_fraction(int(np.sum(np.asarray(mask) == 0)), mask.size, rate, mask, "the units were dropped")


@pytest.mark.criterion("scales-survivors")
def test_survivors_are_scaled(submission, rng):
    """Multiplies the survivors by what makes up for the units that are silent."""
    cases = [  # no unit of 90 is on in 0.45 ** 90 = 6e-32 of the draws
        (rng.uniform(1, 9, size=(9, 10)), rate, True, np.random.default_rng(rng.integers(2**32)))
        for rate in rates(rng)[:2]
    ]
    for (x, rate, _, _), (y, mask) in zip(cases, submission.dropout.map(cases), strict=True):
        assert_shape(mask, x.shape)
        assert_close(y, x * np.asarray(mask), because="y is x times the mask, element by element.")
        on = np.asarray(mask) != 0
        assert_that(on.any(), mask, "no unit is on", f"about {1 - rate:.0%} of them")
        assert_that(
            np.allclose(np.asarray(mask)[on], 1 / (1 - rate), rtol=1e-5),
            mask,
            f"the units that are on are multiplied by {float(np.asarray(mask)[on][0]):.4g}",
            f"the factor that keeps the mean of x although {100 * rate:.3g} % of the units are 0",
        )


@pytest.mark.criterion("scales-survivors")
def test_mean_is_preserved(submission, rng):
    """Keeps the mean: a layer of fives still has the mean 5."""
    rate = rates(rng)[2]
    y, _ = draw(submission, rng, (200, 50), rate)
    spread = 5 * math.sqrt(rate / (1 - rate) / y.size)  # beyond 5.2 of them in 2e-7 of the draws
    mean = float(np.asarray(y).mean())
    assert_that(abs(mean - 5) <= LIMIT * spread, y, f"the mean of y is {mean:.3g}", "about 5, the mean of x")
    assert_that((np.asarray(y) == 0).any(), y, "no element of y is 0", f"about {rate:.0%} of them")


def other_rate(rng):
    """A rate at which the sums below are close to normal."""
    return round(rng.uniform(0.25, 0.45), 3)


def assert_apart(off, mask):
    """Fail where units share their fate, or avoid it, more often than coins do, at any distance in any direction.

    The sides of `off` are odd numbers, so that no distance meets each pair twice: at each distance, the sum over all
    pairs divided by its spread is a standard normal number, almost.
    """
    deviations = off - off.mean()
    together = np.fft.irfftn(np.abs(np.fft.rfftn(deviations)) ** 2, s=off.shape, axes=range(off.ndim))
    scores = np.abs(together) / (deviations.var() * math.sqrt(off.size))
    scores.flat[0] = 0  # each unit with itself
    worst = np.unravel_index(int(scores.argmax()), scores.shape)
    # Below 7, but for one in 4e11 of the distances, or one in 1e11 where the rate is 0.25 and the sum a little skewed;
    # four maps of at most 3,217 pairs of distances make 1e-7.
    if scores[worst] < 7:
        return
    distance = ", ".join(str(int(d) if 2 * d < n else int(d - n)) for d, n in zip(worst, off.shape, strict=True))
    place = f"({distance})" if off.ndim > 1 else f"{distance} in reading order"
    share = float((off == np.roll(off, [-d for d in worst], tuple(range(off.ndim)))).mean())
    coins = off.mean() ** 2 + (1 - off.mean()) ** 2
    seen = f"{share:.1%} of the units share their fate with the unit at a distance of {place}, the first after the last"
    fail(mask, seen, f"about {coins:.0%}")


@pytest.mark.criterion("independent-units")
def test_examples_differ(submission, rng):
    """Throws a coin for each element: neither examples nor features share theirs, be they near or far."""
    shapes = ((9, 25, 27), (45, 135), (5, 9, 11, 13))
    settings = [(shape, other_rate(rng), rng.integers(2**32)) for shape in shapes]
    for (_, rate, _), (_, mask) in zip(settings, draws(submission, settings), strict=True):
        off = np.asarray(mask) == 0
        assert_that(off.any() and not off.all(), mask, "all units have the same fate", "some off and some on")
        alike, agree = int(np.sum(off[0] == off[1])), rate**2 + (1 - rate) ** 2
        assert_fraction(
            alike, off[0].size, agree, mask, "the units share their fate with the same one of the next example"
        )
        assert_apart(off, mask)
    assert_apart(off.reshape(-1), mask)


@pytest.mark.criterion("independent-units")
def test_count_varies(submission, rng):
    """Drops now a few more, now a few less, and each time others: as coins would."""
    size, times, rate = 600, 32, other_rate(rng)
    x, masks = np.ones((1, size)), []
    cases = [(x, rate, True, np.random.default_rng(seed)) for seed in rng.integers(2**32, size=times)]
    for _, mask in submission.dropout.map(cases):
        assert_shape(mask, x.shape)
        masks.append(np.asarray(mask)[0] == 0)
    counts = np.sum(masks, axis=1)
    low, high = int(counts.min()), int(counts.max())
    extreme = low if low == 0 else high
    assert_that(0 < low <= high < size, mask, f"a draw dropped {extreme} of {size} units", "some of them")
    seen = f"every one of {times} draws dropped {low} of {size} units"
    assert_that(low < high, mask, seen, "a number that differs from draw to draw, as with coins")
    share = float(np.mean(masks))
    variance = size * share * (1 - share)
    # Chi-squared with 31 degrees of freedom: below 5.5 or above 91 once in five million.
    spread = float(np.var(counts)) * times / variance
    assert_that(
        5.5 < spread < 91,
        mask,
        f"{times} draws dropped from {low} to {high} of {size} units, with a standard deviation of {counts.std():.1f}",
        f"about {math.sqrt(variance):.1f}, as with coins",
    )
    # Two of 32 right masks are equal in 496 * (0.75 ** 2 + 0.25 ** 2) ** 600 < 1e-100 of the runs.
    different = len({one.tobytes() for one in masks})
    assert_that(
        different == times,
        mask,
        f"{times} draws with generators of their own gave {different} different masks",
        f"{times}: a new draw must give a new mask",
    )


@pytest.mark.criterion("chance-from-rng")
def test_generator_decides(submission, rng):
    """Draws the same mask from equal generators and another from different ones, and another in the next call."""
    value = rng.uniform(4, 9)
    one, other = (int(seed) for seed in rng.integers(2**32, size=2))
    masks = []
    for _, mask in draws(submission, [((10, 100), RATE, seed) for seed in (one, other, one)], value):
        masks.append(np.asarray(mask) == 0)
        assert_that(
            masks[-1].any() and not masks[-1].all(), mask, "all units are on, or all are off", "some off and some on"
        )
    assert_that(
        not np.array_equal(masks[0], masks[1]),
        mask,
        "two different generators gave the same mask",
        "all chance to come from `rng`",
        "Is there a seed of your own in the function?",
    )
    assert_that(
        np.array_equal(masks[0], masks[2]),
        mask,
        "two equal generators gave different masks",
        "all chance to come from `rng`",
        "Does the function use np.random instead of its argument?",
    )
    x = np.full((10, 100), value)
    assert_generator_used(submission.dropout, x, RATE, True, np.random.default_rng(one))


@pytest.mark.criterion("inference")
def test_inference_is_identity(submission, rng):
    """Returns x and a mask of ones when it is not training."""
    x = rng.normal(size=(5, 50)) + 6  # large enough for the diagnosis to see a law
    cases = [(x, RATE, False, np.random.default_rng(rng.integers(2**32))) for _ in range(2)]
    for y, mask in submission.dropout.map(cases):
        assert_close(y, x, because="At inference nothing is dropped and nothing is scaled.")
        assert_close(mask, np.ones_like(x), because="At inference the mask is made of ones.")
    assert_drops(submission, rng)


@pytest.mark.criterion("inference", alone="an edge that a formula can miss: division by zero")
def test_rate_zero_is_identity(submission, rng):
    """Drops nothing at rate 0, in training too."""
    x = rng.normal(size=(2, 3, 4))
    y, mask = submission.dropout(x, 0.0, True, np.random.default_rng(rng.integers(2**32)))
    assert_close(y, x, because="With rate 0 every unit is on.")
    assert_close(mask, np.ones_like(x), because="1 / (1 - 0) = 1")
    assert_drops(submission, rng)


@pytest.mark.criterion("contract", alone="an error that is asked for, and no belief")
def test_rate_out_of_range(submission, rng):
    """Refuses a rate that is no probability to drop, with ValueError."""
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
    """Leaves x as it was, and returns x times the mask."""
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
    """Multiplies the gradient by what the forward pass multiplied by."""
    dy, mask = rng.normal(size=3), np.array([2.0, 0.0, 2.0])
    cases = [(np.array([3.0, 5.0, 7.0]), np.array([0.0, 2.0, 2.0])), (dy, mask)]
    answers = submission.dropout_backward.map(cases)
    assert_close(next(answers), [0.0, 10.0, 14.0], because="0 = 3 * 0 (that unit was off), 10 = 5 * 2, 14 = 7 * 2")
    assert_close(next(answers), dy * mask)


@pytest.mark.criterion("backward")
def test_backward_general(submission, reference, rng):
    """Sends nothing through units that were off and scales the rest, whatever the shape."""
    cases = []
    for shape in ((4, 5), (2, 3, 5, 4), (70, 40)):
        rate = rates(rng)[1]
        cases.append((rng.normal(size=shape), (rng.random(shape) >= rate) / (1 - rate)))
    for case, dx in zip(cases, submission.dropout_backward.map(cases), strict=True):
        assert_close(dx, reference.dropout_backward(*case))


@pytest.mark.criterion("backward", alone="no frequent mistake, but a caller loses data to it", constants=OF_ARGUMENTS)
def test_backward_inputs_unchanged(submission, rng):
    """Leaves the gradient and the mask as they were."""
    assert_inputs_unchanged(submission.dropout_backward, rng.normal(size=(3, 4)), np.array([[0.0, 2.0] * 2] * 3))


@pytest.mark.criterion("moments")
def test_moments_by_hand(submission, reference, rng):
    """Predicts mean and variance of a unit of value 6 at rate 0.25."""
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
    """Predicts mean and variance of each unit on its own, at any rate."""
    x = rng.normal(size=(3, 4)) * 3 + 1
    cases = [(x, rate) for rate in (0.0, 0.1, *rates(rng), rng.uniform(0.6, 0.9))]
    for case, (mean, variance) in zip(cases, submission.dropout_moments.map(cases), strict=True):
        wanted_mean, wanted_variance = reference.dropout_moments(*case)
        assert_close(mean, wanted_mean, because="The mean of each unit, over many draws.")
        assert_close(variance, wanted_variance, because="The variance of each unit, over many draws; not that of x.")


@pytest.mark.criterion("moments", alone="no frequent mistake, but a caller loses data to it", constants=OF_ARGUMENTS)
def test_moments_inputs_unchanged(submission, rng):
    """Leaves x as it was."""
    assert_inputs_unchanged(submission.dropout_moments, rng.normal(size=(3, 4)), 0.3)
