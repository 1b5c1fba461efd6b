import numpy as np


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = np.array(x, dtype=float)
    if training:
        off = rng.random(x.shape) < rate
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y[off] = 0
        y[~off] /= 1 - rate
    return y, mask


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    on = mask > 0
    dx[on] = dy[on] * mask[on]
    return dx


def dropout_moments(x, rate):
    mean = np.array(x, dtype=float)
    second = x**2 / (1 - rate)
    return mean, second - mean**2
