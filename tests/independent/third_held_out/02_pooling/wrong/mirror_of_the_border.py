"""Based on: slices
Kind: single
Function: avg_pool2d
Mistake: The places in the padding are filled with the nearest real pixels, which then count twice in the mean.
"""

import numpy as np


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), mode="edge")
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            y[:, i, j, :] = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :].mean(axis=(1, 2))
    return y
