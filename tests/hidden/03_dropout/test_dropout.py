"""Hidden checks of exercise 3. They test distributions: a right answer fails a check in less than 1e-6 of the runs.

Each check looks at what only its own criterion governs: the factor of the survivors is judged on the units that were
kept, however many these are, and the mask is judged against y. Rates are never near 0.5: there, dropped and kept units
look the same.
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
from grader.sandbox.reason import Reason

RATE = 0.3
UNITS = 4_000  # of one example: 5.2 standard deviations are 0.038 at rate 0.3
FEW = 0.05  # share of zeros
ROUNDING = 1e-5  # of a factor, even in float32


def low(rng):
    """Return a rate well below 0.3."""
    return round(rng.uniform(0.12, 0.22), 3)


def high(rng):
    """Return a rate well above 0.5."""
    return round(rng.uniform(0.62, 0.78), 3)


def coins(rng):
    """Return a rate for which the sums below are almost normal."""
    return round(rng.uniform(0.25, 0.45), 3)


def generator(rng):
    return np.random.default_rng(rng.integers(2**32))


def draws(submission, rng, *settings, value=5.0):
    """Yield y and mask of calls in training on constant arrays, one for each shape and rate."""
    cases = [(np.full(shape, value), rate, True, generator(rng)) for shape, rate in settings]
    yield from zip_results(submission, cases)


def zip_results(submission, cases):
    """Yield y and mask of calls on positive numbers."""
    for (x, *_), (y, mask) in zip(cases, submission.dropout.map(cases), strict=True):
        assert_shape(y, x.shape)
        assert_shape(mask, x.shape)
        swapped = np.max(mask) > np.max(y)  # y is the mask times numbers above 1
        assert_that(
            not swapped, mask, "the second result is larger than the first", "y first, then the mask: y = x * mask"
        )
        yield y, mask


def some_kept(submission, rng, case, y, mask):
    """Return y and mask of a case; of another draw if all units were dropped, as by one coin for all of them."""
    if np.asarray(y).any():
        return y, mask
    again = [(*case[:3], generator(rng)) for _ in range(20)]  # at rate 0.3, one coin drops all of them in 3e-11
    several = list(zip_results(submission, again))
    return next(((other, its) for other, its in several if np.asarray(other).any()), (y, mask))


def varied(y):
    """Return y for a constant x as an array. Fail if it holds the same number for all units."""
    values = np.asarray(y, dtype=float)
    assert_that(np.isfinite(values).all(), y, "y contains numbers that are not finite", "finite numbers")
    first = values.flat[0]
    state = "dropped" if first == 0 else f"multiplied by {first / y.call.arguments['x'].flat[0]:.4g}"
    assert_that((values != first).any(), y, f"all {values.size} units are {state}", "some dropped and some kept")
    return values


def assert_does_something(submission, rng):
    """Fail if y is x or does not depend on x. The dropped units and the factor have their own criteria."""
    x = rng.integers(2, 10, size=(10, 12)) * 1.0
    case = x, RATE, True, generator(rng)
    ((y, mask),) = zip_results(submission, [case])
    y, _ = some_kept(submission, rng, case, y, mask)
    values = np.asarray(y, dtype=float)
    assert_that(np.isfinite(values).all(), y, "y contains numbers that are not finite", "finite numbers")
    kept = values[values != 0]
    assert_that(
        kept.size and np.ptp(kept) > 0, y, "y does not depend on x", "x times one factor, with zeros for dropped units"
    )
    assert_that(not np.allclose(values, x), y, "y is x although training is on", "zeros for dropped units")


# -------------------------------------------------------------------------------------------------- dropout


@pytest.mark.criterion("drops-at-rate")
def test_fraction_dropped(submission, rng):
    """Drops about 30% of the units at rate 0.3, and 70% at rate 0.7."""
    settings = [((1, UNITS), rate) for rate in (RATE, low(rng), high(rng))]  # 2e-7 for each of three rates
    for (_, rate), (y, _) in zip(settings, draws(submission, rng, *settings), strict=True):
        off = np.asarray(y) == 0
        if (np.asarray(y) == np.asarray(y).flat[0]).all():  # one coin for each example has its own criterion
            ((y, _),) = draws(submission, rng, ((UNITS, 1), rate))
            off = np.asarray(y) == 0
        assert_fraction(int(off.sum()), off.size, rate, y, "the units were dropped")


@pytest.mark.criterion("scales-survivors")
def test_survivors_are_scaled(submission, rng):
    """Scales the kept units to make up for the dropped ones."""
    cases = [(np.full((10, 10), 6.0), 0.25, True, generator(rng))]
    cases += [(rng.uniform(2, 9, size=(10, 10)), low(rng), True, generator(rng)) for _ in range(2)]
    for case, (y, mask) in zip(cases, zip_results(submission, cases), strict=True):
        x, rate, *_ = case
        y, _ = some_kept(submission, rng, case, y, mask)
        on = np.asarray(y) != 0
        assert_that(on.any(), y, "no unit is kept", f"about {1 - rate:.0%} of them")
        factors = np.asarray(y, dtype=float)[on] / x[on]
        least, most = float(factors.min()), float(factors.max())
        assert_that(
            most - least <= ROUNDING * abs(most),
            y,
            f"the kept units are multiplied by different numbers: {least:.4g} and {most:.4g}",
            "one factor for all of them",
        )
        because = "0 + 8 + 8 + 8 = 4 * 6: one unit in four is 0, and the mean of 6 stays 6" if rate == 0.25 else ""
        # A program that keeps the share `rate` keeps the mean by 1 / rate. Of 100 units 50 are never kept by chance.
        wanted = rate if on.mean() < 0.5 and math.isclose(least * rate, 1, rel_tol=ROUNDING) else 1 - rate
        assert_that(
            math.isclose(least * wanted, 1, rel_tol=ROUNDING),
            y,
            f"the kept units are multiplied by {least:.4g}",
            f"the factor that keeps the mean of x although {100 * rate:.3g}% of the units are 0",
            because,
        )


@pytest.mark.criterion("mask")
def test_mask_is_the_factor(submission, rng):
    """Returns the mask that y was multiplied by."""
    cases = [(rng.uniform(2, 9, size=(20, 20)), rate, True, generator(rng)) for rate in (RATE, low(rng))]
    for shape in ((200,), (3, 4, 4, 3)):
        case = rng.uniform(2, 9, size=shape), low(rng), True, generator(rng)
        if submission.dropout.raised_by(*case) is None:  # if not, shapes have their own criterion
            cases.append(case)
    for case, (y, mask) in zip(cases, zip_results(submission, cases), strict=True):
        x, rate, *_ = case
        y, mask = some_kept(submission, rng, case, y, mask)
        off = np.asarray(y) == 0
        if x.ndim != 2 and (off.all() or not off.any()):
            continue  # one coin for many units has its own criterion
        assert_that(not off.all(), y, "all units are dropped", f"about {rate:.0%} of them")
        assert_that(np.isfinite(np.asarray(y)).all(), y, "y contains numbers that are not finite", "finite numbers")
        assert_that(not np.allclose(np.asarray(y), x), y, "y is x", "zeros for dropped units")
        factor, holds = np.asarray(y, dtype=float) / x, np.asarray(mask, dtype=float)
        right = np.where(off, 0, 1 / (1 - rate))
        if np.allclose(holds, factor, rtol=ROUNDING) or np.allclose(holds, right, rtol=ROUNDING):
            continue  # if the mask is right and y is not, another criterion says so
        at = np.unravel_index(int(np.abs(holds - factor).argmax()), x.shape)
        place = ", ".join(str(int(i)) for i in at)
        seen = f"y[{place}] is {factor[at]:.4g} times x[{place}], and the mask has {holds[at]:.4g} there"
        fail(mask, seen, f"{factor[at]:.4g} in the mask", "The backward pass multiplies by the mask, so y = x * mask.")
    assert_zeros_have_coins(submission, rng)


def assert_zeros_have_coins(submission, rng):
    """Fail if the mask is derived from y, so that a unit with x = 0 is off, or not a number, whatever its coin shows.

    Of 10 rows with one coin each, all are dropped in 0.22 ** 10 = 3e-7 of the runs.
    """
    x = rng.uniform(2, 9, size=(20, 20))
    x[::2] = 0
    case = x, low(rng), True, generator(rng)
    ((y, mask),) = zip_results(submission, [case])
    _, mask = some_kept(submission, rng, case, y, mask)
    of_zeros = np.asarray(mask, dtype=float)[::2]
    because = "A unit with x = 0 has a coin as well. y is 0 there, whatever the coin shows."
    assert_that(
        np.isfinite(of_zeros).all(), mask, "the mask contains numbers that are not finite", "finite numbers", because
    )
    seen = f"the mask is 0 for all {of_zeros.size} units with x = 0"
    assert_that(of_zeros.any(), mask, seen, "0 for those that are off only", because)


def assert_apart(values, result):
    """Fail if units at any distance have the same fate, or the opposite one, more often than independent units.

    The units are counted in reading order, where units of neighbouring examples, rows and channels have a distance of
    their own. Their number is odd, so that no distance counts a pair twice: at each distance, the sum over all pairs
    divided by its standard deviation is almost a standard normal number.
    """
    if np.mean(values == 0) < FEW:  # their share has its own criterion, and the sums are skewed
        return
    deviations = values.ravel() - values.mean()
    together = np.fft.irfft(np.abs(np.fft.rfft(deviations)) ** 2, values.size)
    scores = np.abs(together[1 : values.size // 2 + 1]) / (deviations.var() * math.sqrt(values.size))
    distance = int(scores.argmax()) + 1
    # A score exceeds 7 at one in 1e11 distances at rate 0.25, for which the sum is a little skewed: 3e-8 for 3,442.
    if scores[distance - 1] < 7:
        return
    off = values.ravel() == 0
    share, expected = float((off == np.roll(off, -distance)).mean()), off.mean() ** 2 + (1 - off.mean()) ** 2
    seen = f"{share:.1%} of the units are dropped or kept like the unit {distance} places further in reading order"
    fail(result, seen, f"about {expected:.0%}", reason=Reason.WRONG_DISTRIBUTION)


@pytest.mark.criterion("independent-units")
def test_examples_differ(submission, rng):
    """Drops each unit independently of all others, in the same example and in other examples."""
    ((y, _),) = draws(submission, rng, ((45, 135), coins(rng)))
    values = varied(y)
    because = "Each unit of each example has its own coin."
    alike = f"all {len(values)} examples lost the same {int((values[0] == 0).sum())} of {values[0].size} units"
    reason = Reason.WRONG_DISTRIBUTION
    assert_that((values != values[:1]).any(), y, alike, "different units in each example", because, reason=reason)
    whole = f"each of {len(values)} examples lost all of its units or none"
    assert_that((values != values[:, :1]).any(), y, whole, "some units of each example", because, reason=reason)
    assert_apart(values, y)


@pytest.mark.criterion("independent-units")
def test_count_varies(submission, rng):
    """Drops a different number of units in each call."""
    size, times, rate = 600, 32, coins(rng)
    drawn = [y for y, _ in draws(submission, rng, *[((1, size), rate)] * times, value=rng.uniform(4, 6))]
    share = float(np.mean([np.asarray(y) == 0 for y in drawn]))
    if 0 < share < FEW:  # their share has its own criterion; else a call without zeros is very rare
        return
    several = [(y, varied(y)) for y in drawn]
    if not share:  # numbers other than 0 in place of the dropped units have their own criterion
        return
    y, _ = several[-1]
    different = len({values.tobytes() for _, values in several})
    if different == 1:  # then the generator is not used, which has its own criterion
        return
    masks = np.array([values[0] == 0 for _, values in several])
    counts = masks.sum(axis=1)
    fewest, most = int(counts.min()), int(counts.max())
    because = "Independent coins do not show the same number of heads each time."
    seen = f"each of {times} calls dropped {fewest} of {size} units"
    reason = Reason.WRONG_DISTRIBUTION
    assert_that(fewest < most or not most, y, seen, "a number that varies from call to call", because, reason=reason)
    variance = size * share * (1 - share)
    # Chi-squared with 31 degrees of freedom: below 5.5 or above 91 once in five million.
    spread = float(np.var(counts)) * times / max(variance, 1)
    seen = f"{times} calls dropped between {fewest} and {most} of {size} units, with a standard deviation of {counts.std():.1f}"
    expected = f"about {math.sqrt(variance):.1f}, as for independent units"
    assert_that(5.5 < spread < 91, y, seen, expected, reason=reason)
    # Two of 32 right masks are equal in 496 * (0.75 ** 2 + 0.25 ** 2) ** 600 < 1e-100 of the runs.
    seen = f"{times} calls with different generators dropped only {different} different sets of units"
    assert_that(different == times, y, seen, f"{times} different ones", reason=reason)


@pytest.mark.criterion("any-shape")
def test_any_shape(submission, rng):
    """Takes a vector, a table and a batch of photos, and drops each number of a photo independently."""
    settings = [((7,), RATE), ((40, 2, 40), RATE), ((5, 17, 27, 3), coins(rng))]
    _, (y, _), (photos, _) = draws(submission, rng, *settings)
    table, values = varied(y), np.asarray(photos, dtype=float)
    if (table == table[:1]).all() or (table == table[:, :1, :1]).all():
        return  # the same units are lost in all examples, or all of an example: that has its own criterion
    channels, seen = (values != values[..., :1]).any(), "all three channels of each pixel are dropped together"
    assert_that(channels, photos, seen, "a coin for each channel", reason=Reason.WRONG_DISTRIBUTION)
    assert_apart(varied(photos), photos)


@pytest.mark.criterion("chance-from-rng")
def test_generator_decides(submission, rng):
    """Takes all random numbers from `rng`, and returns a new mask in the next call."""
    x = np.full((40, 40), rng.uniform(4, 9))
    (one, other), rate = (int(seed) for seed in rng.integers(2**32, size=2)), high(rng)
    cases = [(x, rate, True, np.random.default_rng(seed)) for seed in (one, other, one)]
    first, second, again = [(y, varied(y)) for y, _ in zip_results(submission, cases)]
    differs = not np.array_equal(first[1], second[1])
    if not differs:  # a mask that depends only on the number of zeros is the same by chance in 1 of 40 cases
        more = [(x, rate, True, generator(rng)) for _ in range(3)]
        differs = not all(np.array_equal(first[1], np.asarray(y)) for y, _ in zip_results(submission, more))
    assert_that(
        differs,
        second[0],
        "two different generators dropped the same units",
        "all random numbers from `rng`",
        "Does the function set its own seed?",
    )
    assert_that(
        np.array_equal(first[1], again[1]),
        again[0],
        "two equal generators dropped different units",
        "all random numbers from `rng`",
        "Does the function use np.random instead of its argument?",
    )
    assert_generator_used(submission.dropout, small_table(rng), RATE, True, np.random.default_rng(one))


def large_table(rng):
    """Return a 40 x 40 table. With one coin for each row or column at rate 0.3, nothing is dropped in 6e-7 of the runs."""
    return rng.integers(2, 10, size=(40, 40)) * 1.0


def small_table(rng):
    """Return a 12 x 17 table for calls that must drop nothing, with as many units as a diagnosis needs.

    With one coin for each unit, all are kept in 0.7 ** 204 of the runs; with one for each row, in 0.7 ** 12 = 1.4%, and
    at a high rate, which is asked as well at inference, in at most 0.38 ** 12 = 9e-6.
    """
    return rng.integers(2, 10, size=(12, 17)) * 1.0


def at_inference_and_in_training(submission, rng):
    """Return cases at inference, in training and at inference, and their answers.

    A function that never drops must not pass here.
    """
    x = small_table(rng)
    x[1] *= -1
    cases = [(x, RATE, False), (large_table(rng), high(rng), True), (x, high(rng), False)]
    if submission.dropout.raised_by(x, 0.0, True, generator(rng)) is None:  # if not, rate 0 has its own criterion
        cases.append((x, 0.0, False))
    return cases, submission.dropout.map([(*case, generator(rng)) for case in cases])


@pytest.mark.criterion("inference")
def test_inference_is_identity(submission, rng):
    """Returns x at inference."""
    ((x, *_), (x_in_training, *_), *_), answers = at_inference_and_in_training(submission, rng)
    y, _ = next(answers)
    assert_close(y, x, because="At inference nothing is dropped and nothing is scaled.")
    y, _ = next(answers)
    assert_shape(y, x_in_training.shape)
    seen = "y is x although training is on"
    assert_that(not np.allclose(np.asarray(y), x_in_training), y, seen, "zeros for dropped units")
    for y, _ in answers:
        assert_close(y, x, because="At inference the rate does not matter.")


@pytest.mark.criterion("inference")
def test_inference_mask(submission, rng):
    """Returns a mask of ones at inference."""
    ((x, *_), *_), answers = at_inference_and_in_training(submission, rng)
    _, mask = next(answers)
    assert_close(mask, np.ones_like(x), because="At inference the mask contains only ones.")
    _, mask = next(answers)
    values, seen = np.asarray(mask), "the mask has the same number everywhere although training is on"
    assert_that((values != values.flat[0]).any(), mask, seen, "zeros for dropped units")
    for _, mask in answers:
        assert_close(mask, np.ones_like(x), because="At inference the rate does not matter.")


@pytest.mark.criterion("rate-zero")
def test_rate_zero_is_identity(submission, rng):
    """Drops nothing at rate 0, even in training."""
    x, large = small_table(rng), large_table(rng)
    cases = [(x, 0.0), (large, RATE), (x, 0)]
    answers = submission.dropout.map([(*case, True, generator(rng)) for case in cases])
    y, mask = next(answers)
    assert_close(y, x, because="With rate 0 every unit is kept, and 1 / (1 - 0) = 1.")
    y, other = next(answers)
    for result in (y, other):
        assert_shape(result, large.shape)
    same = np.allclose(np.asarray(y), large)
    assert_that(not same, y, f"at rate {RATE} y is x as well", "zeros for dropped units")
    if np.allclose(np.asarray(y), large * np.asarray(other, dtype=float)):  # if not, the mask has its own criterion
        assert_close(mask, np.ones_like(x), because="With rate 0 the factor of each unit is 1 / (1 - 0) = 1.")
    y, _ = next(answers)
    assert_close(y, x, because="The integer 0 is a rate in [0, 1), too.")


@pytest.mark.criterion("refused-rates")
def test_rate_out_of_range(submission, rng):
    """Raises ValueError in training for a rate outside [0, 1)."""
    x = rng.uniform(1, 2, size=(2, 2))
    for rate in (1.0, 1 + rng.uniform(0.1, 1), -rng.uniform(0.1, 1), -rng.uniform(0.001, 0.02)):
        because = "The rate must be in [0, 1)."
        assert_raises(submission.dropout, ValueError, x, rate, True, np.random.default_rng(0), because=because)
    assert_does_something(submission, rng)  # a function that always raises must not pass
    submission.dropout(x, 0.95, True, generator(rng))  # a high rate is valid: this call must not raise


@pytest.mark.criterion("unchanged")
def test_input_unchanged(submission, rng):
    """Does not change x."""
    x = rng.uniform(2, 9, size=(10, 12))
    for training in (True, False):
        assert_inputs_unchanged(submission.dropout, x, RATE, training, generator(rng))
    assert_does_something(submission, rng)


# ----------------------------------------------------------------------------------------- dropout_backward


def mask_of(rng, shape):
    """Return a mask of a forward pass. Its first unit is on and its last one is off."""
    rate = low(rng)
    mask = (rng.random(shape) >= rate) / (1 - rate)
    mask.flat[0], mask.flat[-1] = 1 / (1 - rate), 0
    return mask


def backward_cases(rng):
    """Return a case to work by hand, and arrays of other shapes."""
    by_hand = (np.array([3.0, 5.0, 7.0]), np.array([2.0, 2.0, 0.0]))
    shapes = ((3,), (4, 5), (2, 3, 5, 4), (70, 40))
    signed = rng.uniform(1, 3, size=(5, 6)) * rng.choice([-1.0, 1.0], size=(5, 6))
    cases = [(rng.uniform(1, 3, size=shape), mask_of(rng, shape)) for shape in shapes]
    signed_cases = [(signed, mask_of(rng, signed.shape)), (signed, np.ones_like(signed))]  # at inference, all are on
    return [by_hand, *cases, (rng.uniform(1, 3, size=(2, 3, 4)), mask_of(rng, (2, 3, 4))), *signed_cases]


@pytest.mark.criterion("backward")
def test_backward_off(submission, rng):
    """Sends no gradient through units that were off."""
    cases = backward_cases(rng)
    for (dy, mask), dx in zip(cases, submission.dropout_backward.map(cases), strict=True):
        assert_shape(dx, dy.shape)
        off, have = mask == 0, np.asarray(dx)
        wrong = off & (have != 0)
        because = f"dy = {[3, 5, 7]} and mask = {[2, 2, 0]}: y[2] is 0 whatever x[2] is" if dy.shape == (3,) else ""
        seen = f"dx is not 0 for {int(wrong.sum())} of the {int(off.sum())} units that were off"
        assert_that(not wrong.any(), dx, seen, "0 for each of them", because)
        blocked = ~off & ~(np.isfinite(have) & (have != 0))
        seen = f"dx is 0 or not a number for {int(blocked.sum())} of the {int((~off).sum())} units that were on"
        assert_that(not blocked.any(), dx, seen, "a gradient for each of them")


@pytest.mark.criterion("backward")
def test_backward_scale(submission, reference, rng):
    """Multiplies the gradient of units that were on by their factor in the forward pass."""
    cases = backward_cases(rng)
    for (dy, mask), dx in zip(cases, submission.dropout_backward.map(cases), strict=True):
        assert_shape(dx, dy.shape)
        on = mask != 0
        have, wanted = np.where(on, np.asarray(dx), 0), np.where(on, reference.dropout_backward(dy, mask), 0)
        if np.allclose(have, wanted, rtol=ROUNDING, atol=0):
            continue
        at = np.unravel_index(int((np.abs(have - wanted) > ROUNDING * np.abs(wanted)).argmax()), dy.shape)
        place = ", ".join(str(int(i)) for i in at)
        seen = f"dx[{place}] is {np.asarray(dx)[at]:.4g} for dy = {dy[at]:.4g} and mask = {mask[at]:.4g} there"
        fail(
            dx,
            seen,
            f"{wanted[at]:.4g}",
            "y = x * mask, so a small step in x makes a step in y that is mask times as large.",
        )


@pytest.mark.criterion("backward-unchanged")
def test_backward_inputs_unchanged(submission, rng):
    """Does not change the gradient or the mask."""
    shape = (10, 12)  # a mask that a wrong program draws itself has zeros too, but for 3e-7 of the runs at rate 0.12
    dy, mask = rng.uniform(1, 3, size=shape), mask_of(rng, shape)
    assert_inputs_unchanged(submission.dropout_backward, dy, mask)
    dx = submission.dropout_backward(dy, mask)
    assert_shape(dx, dy.shape)
    have = np.asarray(dx, dtype=float)
    differ = (have != have.flat[0]).any() and np.abs(have - dy).max() > 1  # dx of a unit that was off is 0, dy is not
    assert_that(differ, dx, "dx does not depend on dy and on the mask", "a gradient for each unit")


# ------------------------------------------------------------------------------------------ dropout_moments


def moments_cases(rng, *rates):
    """Return the case of the stub, and arrays at several rates."""
    x = rng.normal(size=(3, 4)) * 3 + 1
    x[1, 2] = 0
    cases = [(x, rate) for rate in (0.1, RATE, low(rng), high(rng), *rates)]
    return [(np.array([6.0]), 0.25), *cases, (x, 0.99), (rng.normal(size=(2, 3, 3, 2)) + 4, RATE)]


@pytest.mark.criterion("moments-mean")
def test_mean(submission, reference, rng):
    """Predicts the mean of each unit, at any rate."""
    cases = moments_cases(rng)
    by_hand = "(0 + 8 + 8 + 8) / 4 = 6"
    variances = []
    for case, (mean, variance) in zip(cases, submission.dropout_moments.map(cases), strict=True):
        wanted, _ = reference.dropout_moments(*case)
        assert_close(mean, wanted, because=by_hand if case[1] == 0.25 else "The mean of each unit, over many draws.")
        variances.append(variance)
    first, second = (np.asarray(variances[i]) for i in (1, 2))  # of one x at two rates
    differ = first.shape != second.shape or not np.allclose(first, second)
    assert_that(differ, variances[1], "the variance is the same at all rates", "one that grows with the rate")


@pytest.mark.criterion("moments-variance")
def test_variance(submission, reference, rng):
    """Predicts the variance of each unit, at any rate."""
    cases = moments_cases(rng, 0.0)
    by_hand = "(36 + 4 + 4 + 4) / 4 = 12"
    other = "The variance of each unit, over many draws; not that of x."
    for case, (_, variance) in zip(cases, submission.dropout_moments.map(cases), strict=True):
        _, wanted = reference.dropout_moments(*case)
        assert_close(variance, wanted, because=by_hand if case[1] == 0.25 else other)


@pytest.mark.criterion("moments-unchanged")
def test_moments_inputs_unchanged(submission, rng):
    """Does not change x."""
    x = rng.uniform(1, 3, size=(3, 4))
    assert_inputs_unchanged(submission.dropout_moments, x, RATE)
    mean, variance = submission.dropout_moments(x, RATE)
    for result in (mean, variance):
        assert_shape(result, x.shape)
        values = np.asarray(result, dtype=float)
        assert_that(
            (values != values.flat[0]).any(), result, f"{result.name} is the same for all units", "one for each"
        )
    ratios = np.asarray(mean, dtype=float) / x
    assert_that(np.allclose(ratios, ratios.flat[0]), mean, "the mean does not grow with x", "mean, variance")
    assert_that(
        not np.allclose(np.asarray(variance), np.asarray(mean)), variance, "both results are equal", "mean, variance"
    )
