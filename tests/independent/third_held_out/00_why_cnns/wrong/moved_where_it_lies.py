"""Based on: slices
Kind: single
Function: shift2d, equivariance_gap
Mistake: The image is moved within the caller's own array, which is changed.
"""

import numpy as np


def shift2d(x, dy, dx):
    x = np.asarray(x)
    if x.ndim == 2:
        return shift2d(x[None, :, :, None], dy, dx)[0, :, :, 0]
    if x.ndim == 3:
        return shift2d(x[None], dy, dx)[0]
    H, W = x.shape[1:3]
    if abs(dy) >= H or abs(dx) >= W:
        x[...] = 0
        return x
    part = x[:, max(-dy, 0) : H + min(-dy, 0), max(-dx, 0) : W + min(-dx, 0)].copy()
    x[...] = 0
    x[:, max(dy, 0) : H + min(dy, 0), max(dx, 0) : W + min(dx, 0)] = part
    return x
