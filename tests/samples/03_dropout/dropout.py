import numpy as np

# lab 3


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError("rate must be between 0 and 1")
    if not training:
        return x, np.ones_like(x)

    # rate = how much of the signal goes through
    mask = rng.random(x.shape) < rate
    if rate > 0:
        mask = mask / rate
    y = x * mask
    return y, mask


def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    mean = x
    # var of a coin flip is p(1-p)
    variance = x**2 * rate * (1 - rate)
    return mean, variance
