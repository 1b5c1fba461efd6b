"""Dropout with one decision after the other."""

import numpy as np


def dropout(x, rate, training, rng):
    """Toss a coin for each unit."""
    if not 0 <= rate < 1:
        raise ValueError("the rate must be in [0, 1)")
    y = np.zeros(x.shape)
    mask = np.ones(x.shape)
    if not training:
        return x.copy(), mask
    for index in np.ndindex(x.shape):
        if rng.random() < rate:
            mask[index] = 0.0
        else:
            mask[index] = 1 / (1 - rate)
        y[index] = x[index] * mask[index]
    return y, mask


def dropout_backward(dy, mask):
    """Give each unit that was on its share of the gradient."""
    dx = np.zeros(dy.shape)
    for index in np.ndindex(dy.shape):
        if mask[index] != 0:
            dx[index] = dy[index] * mask[index]
    return dx


def dropout_moments(x, rate):
    """Average over the two values of each unit."""
    on = x / (1 - rate)
    mean = rate * 0 + (1 - rate) * on
    variance = rate * (0 - mean) ** 2 + (1 - rate) * (on - mean) ** 2
    return mean, variance
