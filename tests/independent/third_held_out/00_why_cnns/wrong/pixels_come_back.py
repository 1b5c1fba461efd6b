"""Based on: arrays
Kind: single
Function: shift2d, equivariance_gap
Mistake: The pixels that leave on one side come in again on the other side.
"""

import numpy as np


def shift2d(x, dy, dx):
    x = np.asarray(x)
    axes = (0, 1) if x.ndim < 4 else (1, 2)
    return np.roll(x, (dy, dx), axis=axes)
