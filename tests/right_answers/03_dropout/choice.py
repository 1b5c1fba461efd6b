import numpy as np


def dropout(x, rate, training, rng):
    if rate >= 1 or rate < 0:
        raise ValueError("the rate has to be at least 0 and below 1")
    if training and rate > 0:
        values = np.array([0.0, 1.0 / (1.0 - rate)])
        mask = rng.choice(values, size=x.shape, p=[rate, 1.0 - rate])
    else:
        mask = np.full(x.shape, 1.0)
    return x * mask, mask


def dropout_backward(dy, mask):
    dx = np.zeros_like(dy)
    dx[mask != 0] = dy[mask != 0] * mask[mask != 0]
    return dx


def dropout_moments(x, rate):
    mean = x * 1.0
    var = np.square(x) / (1 - rate) - np.square(x)
    return mean, var
