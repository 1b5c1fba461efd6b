"""Based on: loops
Kind: single
Function: dropout_moments
Mistake: The mean of the square is returned as the variance, without taking the square of the mean away.
"""

import numpy as np


def dropout_moments(x, rate):
    mean = np.zeros(x.shape)
    var = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        on = x[idx] / (1.0 - rate)
        m = rate * 0.0 + (1.0 - rate) * on
        m2 = rate * 0.0**2 + (1.0 - rate) * on**2
        mean[idx] = m
        var[idx] = m2
    return mean, var
