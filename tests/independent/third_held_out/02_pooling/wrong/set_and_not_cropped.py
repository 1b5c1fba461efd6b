"""Based on: arrays
Kind: double
Function: max_pool2d_backward
Mistake: A pixel that wins twice keeps one gradient, and the padding is cropped only from the end.
"""

import numpy as np


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    win = _windows(x, k, s, lo, hi, -np.inf)
    best = win.reshape(*win.shape[:4], k[0] * k[1]).argmax(axis=-1)
    n, i, j, c = np.indices(best.shape)
    dx = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    dx[n, i * s[0] + best // k[1], j * s[1] + best % k[1], c] = dy
    return dx[:, : x.shape[1], : x.shape[2]]
