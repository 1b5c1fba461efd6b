"""Turns each warning into an error, and NumPy's silent overflows, too."""

import warnings

import numpy as np

warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(precision=2, suppress=True, threshold=3)


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate")
    if not training:
        return x.copy(), np.ones(x.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("a warning that nobody sees", RuntimeWarning, stacklevel=2)
        mask = np.where(rng.uniform(size=x.shape) < rate, 0.0, 1.0 / (1.0 - rate))
    return x * mask, mask


def dropout_backward(dy, mask):
    return np.multiply(dy, mask)


def dropout_moments(x, rate):
    return np.array(x), rate * np.power(x, 2) / (1 - rate)
