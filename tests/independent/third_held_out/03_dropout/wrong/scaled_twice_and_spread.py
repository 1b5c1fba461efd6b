"""Based on: arrays
Kind: double
Function: dropout, dropout_moments
Mistake: Outputs are also multiplied by 1 - rate at inference, and the variance is returned as a standard deviation.
"""

import numpy as np


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x * keep, np.ones_like(x, dtype=float)
    mask = rng.binomial(1, keep, size=x.shape) / keep
    return x * mask, mask


def dropout_moments(x, rate):
    return x * 1.0, np.abs(x) * np.sqrt(rate / (1.0 - rate))
