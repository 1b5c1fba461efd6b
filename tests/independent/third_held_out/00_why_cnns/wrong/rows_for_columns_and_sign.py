"""Based on: loops
Kind: double
Function: shift2d, equivariance_gap
Mistake: dy moves the columns and dx the rows, and negative differences do not count in the gap.
"""

import numpy as np


def shift2d(x, dy, dx):
    x = np.asarray(x)
    out = np.zeros_like(x)
    if x.ndim == 4:
        for n in range(x.shape[0]):
            out[n] = shift2d(x[n], dy, dx)
        return out
    H = x.shape[0]
    W = x.shape[1]
    for i in range(H):
        for j in range(W):
            a = i - dx
            b = j - dy
            if a >= 0 and a < H and b >= 0 and b < W:
                out[i, j] = x[a, b]
    return out


def equivariance_gap(f, x, dy, dx):
    first = np.asarray(f(shift2d(x, dy, dx)), dtype=float)
    second = np.asarray(shift2d(f(x), dy, dx), dtype=float)
    biggest = 0.0
    for u, v in zip(first.ravel(), second.ravel()):
        if u - v > biggest:
            biggest = u - v
    return float(biggest)
