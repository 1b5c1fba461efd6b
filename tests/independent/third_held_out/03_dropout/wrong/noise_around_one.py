"""Based on: arrays
Kind: single
Function: dropout
Mistake: The mask is Gaussian noise with mean 1 and the variance of dropout, so no unit is switched off.
"""

import numpy as np


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.normal(1.0, np.sqrt(rate / keep), size=x.shape)
    return x * mask, mask
