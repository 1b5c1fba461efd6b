"""Based on: slices
Kind: single
Function: max_pool2d
Mistake: With padding "valid" a window that reaches beyond the image is also counted.
"""

import math

import numpy as np


def max_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, bottom = plan(h, kh, sh, padding)
    ow, left, right = plan(w, kw, sw, padding)
    if padding == "valid":
        oh, ow = math.ceil(h / sh), math.ceil(w / sw)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            window = xp[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            y[:, i, j, :] = window.max(axis=(1, 2))
    return y
