"""Based on: slices
Kind: single
Function: dropout
Mistake: The units are switched off and scaled in the caller's own array.
"""

import numpy as np


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = x
    if training:
        off = rng.random(x.shape) < rate
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y[off] = 0
        y[~off] /= 1 - rate
    return y, mask
