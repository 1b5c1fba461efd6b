"""Based on: helpers
Kind: double
Function: dropout, dropout_backward
Mistake: The random numbers come from NumPy's global generator, and the gradient passes through unchanged.
"""

import numpy as np


def make_mask(shape, rate, rng):
    on = np.random.random(shape) >= rate
    return on * scale_of(rate)


def dropout_backward(dy, mask):
    return dy.copy()
