"""Based on: slices
Kind: single
Function: avg_pool2d_backward
Mistake: Each pixel of a window gets the whole gradient and not its share of it.
"""

import numpy as np


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    n, h, w, c = x.shape
    kh, kw, sh, sw = read_sizes(size, stride)
    oh, top, _ = plan(h, kh, sh, padding)
    ow, left, _ = plan(w, kw, sw, padding)
    dx = np.zeros(x.shape)
    for i in range(oh):
        r0 = max(i * sh - top, 0)
        r1 = min(i * sh - top + kh, h)
        for j in range(ow):
            q0 = max(j * sw - left, 0)
            q1 = min(j * sw - left + kw, w)
            dx[:, r0:r1, q0:q1, :] += dy[:, i : i + 1, j : j + 1, :]
    return dx
