"""Based on: loops
Kind: single
Function: avg_pool2d
Mistake: The sum is divided by the number of places in the window, with those in the padding.
"""

import numpy as np


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    total = 0.0
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W:
                                total += x[n, r, q, c]
                    y[n, i, j, c] = total / (KH * KW)
    return y
