"""Based on: arrays
Kind: single
Function: avg_pool2d_backward
Mistake: The shares are laid side by side like tiles, as if the stride were always the size of the window.
"""

import numpy as np


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    k, s = _ks(size, stride)
    lo, hi = _pads(x.shape, k, s, padding)
    g = dy / _windows(np.ones(x.shape), k, s, lo, hi, 0).sum(axis=(4, 5))
    tiles = g.repeat(k[0], axis=1).repeat(k[1], axis=2)
    dx = np.zeros((x.shape[0], x.shape[1] + lo[0] + hi[0], x.shape[2] + lo[1] + hi[1], x.shape[3]))
    h = min(dx.shape[1], tiles.shape[1])
    w = min(dx.shape[2], tiles.shape[2])
    dx[:, :h, :w] = tiles[:, :h, :w]
    return dx[:, lo[0] : lo[0] + x.shape[1], lo[1] : lo[1] + x.shape[2]]
