"""Based on: loops
Kind: single
Function: max_pool2d_backward
Mistake: A pixel that wins in several windows keeps only the gradient of the last one.
"""

import numpy as np


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = -np.inf
                    win_r = -1
                    win_q = -1
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                                win_r = r
                                win_q = q
                    dx[n, win_r, win_q, c] = dy[n, i, j, c]
    return dx
