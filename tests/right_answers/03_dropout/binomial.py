import numpy as np


def dropout(x, rate, training, rng):
    if not (0.0 <= rate < 1.0):
        raise ValueError(f"bad rate {rate}")
    mask = np.ones_like(x)
    if training:
        mask = rng.binomial(1, 1 - rate, size=x.shape) / (1 - rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    return np.multiply(dy, mask)


def dropout_moments(x, rate):
    scaled = x / (1 - rate)
    mean = (1 - rate) * scaled
    second = (1 - rate) * scaled**2
    return mean, second - mean**2
