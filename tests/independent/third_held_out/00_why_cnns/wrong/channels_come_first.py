"""Based on: loops
Kind: single
Function: shift2d, equivariance_gap
Mistake: The last two axes are moved, as if the channels came before the rows and columns.
"""

import numpy as np


def shift2d(x, dy, dx):
    x = np.asarray(x)
    out = np.zeros_like(x)
    if x.ndim > 2:
        for n in range(x.shape[0]):
            out[n] = shift2d(x[n], dy, dx)
        return out
    H, W = x.shape
    for i in range(H):
        for j in range(W):
            a = i - dy
            b = j - dx
            if a >= 0 and a < H and b >= 0 and b < W:
                out[i, j] = x[a, b]
    return out
