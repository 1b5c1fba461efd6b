"""Based on: loops
Kind: single
Function: dropout
Mistake: The units that stay on are not scaled up.
"""

import numpy as np


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() < rate:
                mask[idx] = 0.0
        y[idx] = x[idx] * mask[idx]
    return y, mask
