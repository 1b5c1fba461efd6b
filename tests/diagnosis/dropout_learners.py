"""Wrong dropouts as learners write them who have read only the stub: in other styles, with and without a check of rate.

None of them is copied from a misconception of the course. Each is listed with the misconceptions that it shows; an
empty list stands for a mistake without a name, which must be located.
"""

import math
import random

import numpy as np


def keep_probability(x, rate, training, rng):
    if not training:
        return x, np.ones_like(x)
    mask = rng.binomial(1, rate, size=x.shape) / rate
    return x * mask, mask


def keep_probability_right_factor(x, rate, training, rng):
    mask = np.ones(x.shape)
    if training:
        mask = (rng.uniform(size=x.shape) < rate).astype(float)
        mask = mask / (1 - rate)
    return x * mask, mask


def keep_in_a_loop(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError("rate")
    flat, out, mask = x.ravel(), [], []
    for value in flat:
        stays = not training or rng.random() <= rate
        factor = (1 / rate if training else 1.0) if stays else 0.0
        mask.append(factor)
        out.append(value * factor)
    return np.array(out).reshape(x.shape), np.array(mask).reshape(x.shape)


def no_factor(x, rate, training, rng):
    if training is False:
        return x, np.ones(x.shape)
    r = rng.random(x.shape)
    mask = np.where(r < rate, 0, 1)
    return x * mask, mask


def no_factor_bool(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape, dtype=bool)
    keep = rng.random(x.shape) > rate
    return x * keep, keep


def paper_of_2014(x, rate, training, rng):
    p = 1 - rate
    if training:
        m = rng.random(x.shape) < p
        return x * m, m.astype(x.dtype)
    return x * p, np.full(x.shape, p)


def paper_of_2014_ones(x, rate, training, rng):
    if training:
        m = rng.choice([0.0, 1.0], size=x.shape, p=[rate, 1 - rate])
        return x * m, m
    return x * (1.0 - rate), np.ones_like(x)


def paper_with_keep(x, rate, training, rng):
    """Mix up keeping and dropping, and scale at inference by 1 - rate."""
    if training:
        m = (rng.random(x.shape) < rate) * 1.0
        return x * m, m
    return x * (1 - rate), np.ones_like(x)


def twice_compensated(x, rate, training, rng):
    if not training:
        return x * (1 - rate), np.ones(x.shape)
    m = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * m, m


def never_off(x, rate, training, rng):
    m = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * m, m


def never_off_and_keep(x, rate, training, rng):
    m = (rng.random(x.shape) < rate) / rate
    return x * m, m


def divided_by_rate(x, rate, training, rng):
    if not training or rate == 0:
        return np.copy(x), np.ones(np.shape(x))
    m = rng.random(np.shape(x)) >= rate
    return x * m / rate, m / rate


def multiplied(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.random(x.shape) > rate) * (1 - rate)
    return m * x, m


def normal_numbers(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.standard_normal(x.shape) > rate) / (1 - rate)
    return m * x, m


def normal_numbers_and_keep(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.normal(size=x.shape) < rate) / rate
    return m * x, m


def normal_numbers_without_factor(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = 1.0 * (rng.normal(size=x.shape) > rate)
    return m * x, m


def one_row(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    row = (rng.random(x.shape[1:]) >= rate) / (1 - rate)
    m = np.array([row for _ in x])
    return m * x, m


def one_row_without_factor(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = np.tile(rng.random((1, *x.shape[1:])) >= rate, (len(x),) + (1,) * (x.ndim - 1)) * 1.0
    return m * x, m


def so_many(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = np.full(x.size, 1 / (1 - rate))
    if rate:
        m[rng.choice(x.size, int(rate * x.size), replace=False)] = 0
    m = m.reshape(x.shape)
    return m * x, m


def seeded(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    rng = np.random.RandomState(1)
    m = (rng.rand(*x.shape) >= rate) / (1 - rate)
    return m * x, m


def numpy_random(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (np.random.rand(*x.shape) >= rate) / (1 - rate)
    return m * x, m


def python_random(x, rate, training, rng):
    m = np.ones(x.shape)
    if training:
        for i in np.ndindex(*x.shape):
            m[i] = 0 if random.random() < rate else 1 / (1 - rate)
    return m * x, m


def overwrites(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.random(x.shape) >= rate) / (1 - rate)
    x *= m
    return x, m


def plain_mask(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = rng.random(x.shape) >= rate
    return x * m / (1 - rate), m


def mask_of_silence(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    silent = rng.random(x.shape) < rate
    y = x / (1 - rate)
    y[silent] = 0
    return y, silent.astype(float)


def rows_and_columns(x, rate, training, rng):
    rows, columns = x.shape
    m = np.ones((rows, columns))
    if training:
        for i in range(rows):
            for j in range(columns):
                m[i, j] = 0 if rng.random() < rate else 1 / (1 - rate)
    return x * m, m


def rows_and_columns_without_factor(x, rate, training, rng):
    n, d = x.shape
    m = np.ones((n, d))
    if training:
        m = 1.0 * (rng.random((n, d)) >= rate)
    return x * m, m


def half(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = rng.integers(0, 2, size=x.shape) / (1 - rate)
    return x * m, m


def the_other_way_round(x, rate, training, rng):
    if training:
        return x, np.ones(x.shape)
    m = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * m, m


def heads(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = rng.binomial(4, 1 - rate, x.shape) / (1 - rate)
    return x * m, m


def grown_by_rate(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.random(x.shape) >= rate) * (1 + rate)
    return x * m, m


def single_coin(x, rate, training, rng):
    m = np.ones(x.shape)
    if training:
        m = m * (0.0 if rng.random() < rate else 1 / (1 - rate))
    return x * m, m


def nothing_in_the_mask(x, rate, training, rng):
    m = np.zeros(x.shape)
    if not training:
        return x, m
    m[rng.random(x.shape) >= rate] = 1 / (1 - rate)
    return x * m, m


# ------------------------------------------------------------------------------------- mistakes without a name


def root(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.random(x.shape) >= rate) / math.sqrt(1 - rate)
    return x * m, m


def squared_rate(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.random(x.shape) >= rate**2) / (1 - rate)
    return x * m, m


def replaced_by_mean(x, rate, training, rng):
    """Replace units by a number that is not 0."""
    if not training:
        return x, np.ones(x.shape)
    on = rng.random(x.shape) >= rate
    m = np.where(on, 1 / (1 - rate), 0.1)
    return x * m, m


def pairs_of_columns(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    coins = rng.random((*x.shape[:-1], -(-x.shape[-1] // 2)))
    on = np.repeat(coins, 2, axis=-1)[..., : x.shape[-1]] >= rate
    m = on / (1 - rate)
    return x * m, m


def halves_at_inference(x, rate, training, rng):
    if not training:
        return x / 2, np.ones(x.shape)
    m = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * m, m


def empty_for_rate_0(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    if rate == 0:
        return np.zeros(x.shape), np.zeros(x.shape)
    m = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * m, m


def wrong_for_high_rates(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    m = (rng.random(x.shape) >= min(rate, 0.5)) / (1 - rate)
    return x * m, m


def raises_at_inference(x, rate, training, rng):
    m = (rng.random(x.shape) >= rate) / (1 - rate)
    if training:
        return x * m, m
    return x * m.ones, m


LEARNERS = (
    (keep_probability, ["drop.rate-is-keep"]),
    (keep_probability_right_factor, ["drop.rate-is-keep"]),
    (keep_in_a_loop, ["drop.rate-is-keep"]),
    (no_factor, ["drop.no-rescale"]),
    (no_factor_bool, ["drop.no-rescale"]),
    (paper_of_2014, ["drop.scale-at-test"]),
    (paper_of_2014_ones, ["drop.scale-at-test"]),
    (paper_with_keep, ["drop.rate-is-keep", "drop.scale-at-test"]),
    (twice_compensated, ["drop.scale-at-both"]),
    (never_off, ["drop.active-at-inference"]),
    (never_off_and_keep, ["drop.rate-is-keep", "drop.active-at-inference"]),
    (divided_by_rate, ["drop.scaled-by-other-prob"]),
    (multiplied, ["drop.multiplies-keep"]),
    (normal_numbers, ["drop.gaussian-mask"]),
    (normal_numbers_and_keep, ["drop.rate-is-keep", "drop.gaussian-mask"]),
    (normal_numbers_without_factor, ["drop.no-rescale", "drop.gaussian-mask"]),
    (one_row, ["drop.mask-shared-across-batch"]),
    (one_row_without_factor, ["drop.no-rescale", "drop.mask-shared-across-batch"]),
    (so_many, ["drop.exact-count"]),
    (seeded, ["drop.fixed-seed"]),
    (numpy_random, ["drop.own-generator"]),
    (python_random, ["drop.own-generator"]),
    (overwrites, ["drop.mutates-input"]),
    (plain_mask, ["drop.mask-not-scaled"]),
    (mask_of_silence, ["drop.mask-of-dropped"]),
    (rows_and_columns, ["drop.two-axes-only"]),
    (rows_and_columns_without_factor, ["drop.no-rescale", "drop.two-axes-only"]),
    (half, ["drop.rate-ignored"]),
    (the_other_way_round, ["drop.training-inverted"]),
    (heads, ["drop.binomial-count"]),
    (grown_by_rate, ["drop.scaled-by-one-plus-rate"]),
    (single_coin, ["drop.one-coin-for-all"]),
    (nothing_in_the_mask, ["drop.inference-mask-zeros"]),
    (root, []),
    (squared_rate, []),
    (replaced_by_mean, []),
    (pairs_of_columns, []),
    (halves_at_inference, []),
    (empty_for_rate_0, []),
    (wrong_for_high_rates, []),
    (raises_at_inference, []),
)
