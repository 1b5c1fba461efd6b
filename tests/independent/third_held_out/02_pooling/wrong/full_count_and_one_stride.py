"""Based on: slices
Kind: double
Function: avg_pool2d
Mistake: The mean is divided by the size of the whole window, and the windows move across by the stride of the rows.
"""

import numpy as np


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    y = np.empty((n, oh, ow, c))
    for i in range(oh):
        r0 = max(i * sh - top, 0)
        r1 = min(i * sh - top + kh, h)
        for j in range(ow):
            q0 = max(j * sh - left, 0)
            q1 = min(j * sh - left + kw, w)
            y[:, i, j, :] = x[:, r0:r1, q0:q1, :].sum(axis=(1, 2)) / (kh * kw)
    return y
