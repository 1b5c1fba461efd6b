"""Pooling with plain loops over scalars, for patches to change."""

import numpy as np


def max_pool2d(x, size=2, stride=None, padding="valid"):
    """Return the largest number of each window."""
    N, H, W, C = x.shape
    KH, KW = size if isinstance(size, (tuple, list)) else (size, size)
    if stride is None:
        stride = size
    SH, SW = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    top = bottom = left = right = 0
    if padding == "same":
        tall = max((-(-H // SH) - 1) * SH + KH - H, 0)
        wide = max((-(-W // SW) - 1) * SW + KW - W, 0)
        top, left = tall // 2, wide // 2
        bottom, right = tall - top, wide - left
    elif padding != "valid":
        top = bottom = left = right = padding
    OH = max((H + top + bottom - KH) // SH + 1, 0)
    OW = max((W + left + right - KW) // SW + 1, 0)
    xp = np.full((N, H + top + bottom, W + left + right, C), -np.inf)
    xp[:, top : top + H, left : left + W, :] = x
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = -np.inf
                    for a in range(KH):
                        for b in range(KW):
                            value = xp[n, i * SH + a, j * SW + b, c]
                            if value > best:
                                best = value
                    y[n, i, j, c] = best
    return y


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    """Return the mean of the real pixels in each window."""
    N, H, W, C = x.shape
    KH, KW = size if isinstance(size, (tuple, list)) else (size, size)
    if stride is None:
        stride = size
    SH, SW = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    top = bottom = left = right = 0
    if padding == "same":
        tall = max((-(-H // SH) - 1) * SH + KH - H, 0)
        wide = max((-(-W // SW) - 1) * SW + KW - W, 0)
        top, left = tall // 2, wide // 2
        bottom, right = tall - top, wide - left
    elif padding != "valid":
        top = bottom = left = right = padding
    OH = max((H + top + bottom - KH) // SH + 1, 0)
    OW = max((W + left + right - KW) // SW + 1, 0)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    total, count = 0.0, 0
                    for a in range(KH):
                        for b in range(KW):
                            row, column = i * SH + a - top, j * SW + b - left
                            if 0 <= row < H and 0 <= column < W:
                                total += x[n, row, column, c]
                                count += 1
                    y[n, i, j, c] = total / count
    return y


def global_avg_pool2d(x):
    """Return the mean of each map."""
    N, H, W, C = x.shape
    y = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            total = 0.0
            for i in range(H):
                for j in range(W):
                    total += x[n, i, j, c]
            y[n, c] = total / (H * W)
    return y


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    """Send each gradient to the pixel that won its window."""
    N, H, W, C = x.shape
    KH, KW = size if isinstance(size, (tuple, list)) else (size, size)
    if stride is None:
        stride = size
    SH, SW = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    top = bottom = left = right = 0
    if padding == "same":
        tall = max((-(-H // SH) - 1) * SH + KH - H, 0)
        wide = max((-(-W // SW) - 1) * SW + KW - W, 0)
        top, left = tall // 2, wide // 2
        bottom, right = tall - top, wide - left
    elif padding != "valid":
        top = bottom = left = right = padding
    OH, OW = dy.shape[1], dy.shape[2]
    xp = np.full((N, H + top + bottom, W + left + right, C), -np.inf)
    xp[:, top : top + H, left : left + W, :] = x
    dxp = np.zeros((N, H + top + bottom, W + left + right, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = -np.inf
                    for a in range(KH):
                        for b in range(KW):
                            value = xp[n, i * SH + a, j * SW + b, c]
                            if value > best:
                                best = value
                                row, column = i * SH + a, j * SW + b
                    dxp[n, row, column, c] += dy[n, i, j, c]
    return dxp[:, top : top + H, left : left + W, :]


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    """Share each gradient among the real pixels of its window."""
    N, H, W, C = x.shape
    KH, KW = size if isinstance(size, (tuple, list)) else (size, size)
    if stride is None:
        stride = size
    SH, SW = stride if isinstance(stride, (tuple, list)) else (stride, stride)
    top = bottom = left = right = 0
    if padding == "same":
        tall = max((-(-H // SH) - 1) * SH + KH - H, 0)
        wide = max((-(-W // SW) - 1) * SW + KW - W, 0)
        top, left = tall // 2, wide // 2
        bottom, right = tall - top, wide - left
    elif padding != "valid":
        top = bottom = left = right = padding
    OH = max((H + top + bottom - KH) // SH + 1, 0)
    OW = max((W + left + right - KW) // SW + 1, 0)
    dx = np.zeros(x.shape)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    pixels = []
                    for a in range(KH):
                        for b in range(KW):
                            row, column = i * SH + a - top, j * SW + b - left
                            if 0 <= row < H and 0 <= column < W:
                                pixels.append((row, column))
                    for row, column in pixels:
                        dx[n, row, column, c] += dy[n, i, j, c] / len(pixels)
    return dx
