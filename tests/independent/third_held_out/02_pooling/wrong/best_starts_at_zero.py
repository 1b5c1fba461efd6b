"""Based on: loops
Kind: single
Function: max_pool2d
Mistake: The search for the largest number starts at 0, so a window of negative pixels gives 0.
"""

import numpy as np


def max_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = 0
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                    y[n, i, j, c] = best
    return y
