import numpy as np


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError("rate must be in [0, 1)")
    keep_prob = 1.0 - rate
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = (rng.random(size=x.shape) < keep_prob) / keep_prob
    return mask * x, mask


def dropout_backward(dy, mask):
    return mask * dy


def dropout_moments(x, rate):
    return x + 0.0, rate * x**2 / (1 - rate)
