"""One loop per index, with single numbers; pixels outside the image are left out of the sum."""

import numpy as np


def conv2d_step(patch, w, b):
    KH, KW, C, F = w.shape
    y = np.zeros(F)
    for f in range(F):
        total = 0.0
        for ki in range(KH):
            for kj in range(KW):
                for c in range(C):
                    total += patch[ki, kj, c] * w[ki, kj, c, f]
        y[f] = total + b[f]
    return y


def conv2d(x, w, b, stride=1, padding="valid"):
    SH, SW = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    if padding == "same":
        OH = -(-H // SH)
        OW = -(-W // SW)
        rows = max((OH - 1) * SH + KH - H, 0)
        cols = max((OW - 1) * SW + KW - W, 0)
        top = rows // 2
        left = cols // 2
        bottom = rows - top
        right = cols - left
    else:
        p = 0 if padding == "valid" else padding
        top = bottom = left = right = p
    OH = max(0, (H + top + bottom - KH) // SH + 1)
    OW = max(0, (W + left + right - KW) // SW + 1)
    y = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    total = 0.0
                    for ki in range(KH):
                        for kj in range(KW):
                            for c in range(C):
                                r = i * SH + ki - top
                                q = j * SW + kj - left
                                if 0 <= r < H and 0 <= q < W:
                                    total += x[n, r, q, c] * w[ki, kj, c, f]
                    y[n, i, j, f] = total + b[f]
    return y


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    SH, SW = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    if padding == "same":
        OH = -(-H // SH)
        OW = -(-W // SW)
        rows = max((OH - 1) * SH + KH - H, 0)
        cols = max((OW - 1) * SW + KW - W, 0)
        top = rows // 2
        left = cols // 2
    else:
        p = 0 if padding == "valid" else padding
        top = left = p
    OH, OW = dy.shape[1:3]
    dx = np.zeros(x.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    g = dy[n, i, j, f]
                    db[f] += g
                    for ki in range(KH):
                        for kj in range(KW):
                            for c in range(C):
                                r = i * SH + ki - top
                                q = j * SW + kj - left
                                if 0 <= r < H and 0 <= q < W:
                                    dx[n, r, q, c] += g * w[ki, kj, c, f]
                                    dw[ki, kj, c, f] += g * x[n, r, q, c]
    return dx, dw, db
