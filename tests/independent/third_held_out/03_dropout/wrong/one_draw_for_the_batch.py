"""Based on: arrays
Kind: single
Function: dropout
Mistake: All examples of the batch share the same mask.
"""

import numpy as np


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    mask = np.ones(x.shape)
    if training:
        mask *= rng.binomial(1, keep, size=x.shape[1:]) / keep
    return x * mask, mask
