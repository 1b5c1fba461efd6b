"""Returns its arguments, with a mask of ones."""

import numpy as np


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate")
    return x, np.ones_like(x)


def dropout_backward(dy, mask):
    return dy


def dropout_moments(x, rate):
    return x, x
