"""Based on: helpers
Kind: single
Function: shift2d, equivariance_gap
Mistake: A shift by more than the size of the image makes the ends of the slices negative, and it fails.
"""

import numpy as np


def shift_axis(x, by, axis):
    n = x.shape[axis]
    out = np.zeros_like(x)
    src = [slice(None)] * x.ndim
    dst = [slice(None)] * x.ndim
    if by >= 0:
        src[axis] = slice(0, n - by)
        dst[axis] = slice(by, n)
    else:
        src[axis] = slice(-by, n)
        dst[axis] = slice(0, n + by)
    out[tuple(dst)] = x[tuple(src)]
    return out
