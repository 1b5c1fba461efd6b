"""Compiles its loops with Numba, which computes what plain Python computes."""

import numpy as np
from numba import boolean, float64, jit, njit, prange, vectorize


@njit(float64[:](float64[:], float64), cache=True, fastmath=True, parallel=True)
def fill(draws, rate):
    out = np.zeros(draws.size)
    for i in prange(draws.size):
        if draws[i] >= rate:
            out[i] = 1.0 / (1.0 - rate)
    return out


@jit
def check(rate):
    return 0 <= rate < 1


@vectorize([float64(float64, float64)], nopython=True)
def variance(x, rate):
    return x * x * rate / (1.0 - rate)


def dropout(x, rate, training, rng):
    if not check(rate):
        raise ValueError("rate")
    mask = fill(rng.random(x.size), rate).reshape(x.shape) if training else np.ones(x.shape)
    return x * mask, mask


@njit
def dropout_backward(dy, mask):
    return dy * mask


def dropout_moments(x, rate):
    return x.copy(), variance(x, rate)
