"""Dropout on whole arrays."""

import numpy as np


def dropout(x, rate, training, rng):
    """Compare one random number per unit with the probability of keeping."""
    if rate < 0 or rate >= 1:
        raise ValueError("the rate must be in [0, 1)")
    if not training:
        return x * 1.0, np.ones(x.shape)
    keep = 1 - rate
    u = rng.random(x.shape)
    on = u < keep
    mask = np.ones(x.shape) * on / keep
    y = x * mask
    return y, mask


def dropout_backward(dy, mask):
    """Multiply by the mask of the forward pass."""
    return dy * mask


def dropout_moments(x, rate):
    """Use the two formulas."""
    mean = x * 1.0
    variance = x**2 * rate / (1 - rate)
    return mean, variance
