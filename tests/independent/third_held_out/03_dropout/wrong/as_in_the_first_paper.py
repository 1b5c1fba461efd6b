"""Based on: slices
Kind: single
Function: dropout
Mistake: The outputs are scaled by 1 - rate at inference, as in the first paper, and not during training.
"""

import numpy as np


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    if training:
        mask[rng.random(x.shape) < rate] = 0
    else:
        mask[...] = 1 - rate
    return x * mask, mask
