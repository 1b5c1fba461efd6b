import numpy as np


def check_rate(rate):
    if not (rate >= 0 and rate < 1):
        raise ValueError("the rate must be at least 0 and less than 1")


class Coin:
    """A coin that shows 1 (the unit is on) with probability 1 - rate."""

    def __init__(self, rate, rng):
        self.rate = rate
        self.rng = rng

    def toss(self, shape):
        return (self.rng.random(shape) >= self.rate).astype(float)


def scale_of(rate):
    return 1 / (1 - rate)


def make_mask(shape, rate, rng):
    return Coin(rate, rng).toss(shape) * scale_of(rate)


def apply_mask(values, mask):
    return values * mask


def dropout(x, rate, training, rng):
    check_rate(rate)
    mask = make_mask(x.shape, rate, rng) if training else np.ones(x.shape)
    return apply_mask(x, mask), mask


def dropout_backward(dy, mask):
    return apply_mask(dy, mask)


def expectation(outcomes, chances):
    return sum(p * v for v, p in zip(outcomes, chances))


def dropout_moments(x, rate):
    outcomes = [0 * x, scale_of(rate) * x]
    chances = [rate, 1 - rate]
    mean = expectation(outcomes, chances)
    variance = expectation([(v - mean) ** 2 for v in outcomes], chances)
    return mean, variance
