"""Based on: arrays
Kind: single
Function: equivariance_gap
Mistake: The largest difference is taken with its sign, so a large negative one does not count.
"""

import numpy as np


def equivariance_gap(f, x, dy, dx):
    before = np.asarray(f(shift2d(x, dy, dx))).astype(float)
    after = shift2d(np.asarray(f(x)).astype(float), dy, dx)
    return float((before - after).max())
