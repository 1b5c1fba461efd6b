"""Pooling with one slice per window, for patches to change."""

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
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    y = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            window = xp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
            y[:, i, j, :] = window.max(axis=(1, 2))
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
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    ones = np.pad(np.ones((H, W)), ((top, bottom), (left, right)))
    y = np.zeros((N, OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            window = xp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
            count = ones[i * SH : i * SH + KH, j * SW : j * SW + KW].sum()
            y[:, i, j, :] = window.sum(axis=(1, 2)) / count
    return y


def global_avg_pool2d(x):
    """Return the mean of each map."""
    N, H, W, C = x.shape
    y = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            y[n, c] = np.sum(x[n, :, :, c]) / (H * W)
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
    OH = max((H + top + bottom - KH) // SH + 1, 0)
    OW = max((W + left + right - KW) // SW + 1, 0)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    dxp = np.zeros(xp.shape)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    window = xp[n, i * SH : i * SH + KH, j * SW : j * SW + KW, c]
                    mask = np.zeros(window.shape)
                    mask[np.unravel_index(np.argmax(window), window.shape)] = 1
                    dxp[n, i * SH : i * SH + KH, j * SW : j * SW + KW, c] += mask * dy[n, i, j, c]
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
    ones = np.pad(np.ones((H, W)), ((top, bottom), (left, right)))
    OH, OW = dy.shape[1], dy.shape[2]
    dxp = np.zeros((N, H + top + bottom, W + left + right, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                count = ones[i * SH : i * SH + KH, j * SW : j * SW + KW].sum()
                dxp[n, i * SH : i * SH + KH, j * SW : j * SW + KW, :] += dy[n, i, j, :] / count
    return dxp[:, top : top + H, left : left + W, :]
