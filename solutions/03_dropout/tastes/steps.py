"""Dropout in small steps: which units are off, which factor the others get, and only then the product."""

import numpy as np


def dropout(x, rate, training, rng):
    """Choose the units to drop, then write their factors."""
    if not 0 <= rate < 1:
        raise ValueError("the rate must be in [0, 1)")
    y, mask = x.copy(), np.ones(x.shape)
    if training:
        dropped = rng.random(x.shape) < rate
        scale = 1 / (1 - rate)
        mask = np.where(np.zeros(x.shape) + dropped, 0.0, scale)
        y = x * mask
    return y, mask


def dropout_backward(dy, mask):
    """Give each unit that was on its share of the gradient."""
    dx = np.zeros(dy.shape)
    on = mask != 0
    dx[on] = dy[on] * mask[on]
    return dx


def dropout_moments(x, rate):
    """Average over the two values of each unit."""
    on = x / (1 - rate)
    mean = rate * 0 + (1 - rate) * on
    variance = rate * (0 - mean) ** 2 + (1 - rate) * (on - mean) ** 2
    return mean, variance
