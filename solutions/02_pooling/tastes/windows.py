"""Pooling with all windows at once, for patches to change."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


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
    if OH == 0 or OW == 0:
        return np.zeros((N, OH, OW, C))
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    windows = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::SH, ::SW]
    return windows.max(axis=(4, 5))


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
    if OH == 0 or OW == 0:
        return np.zeros((N, OH, OW, C))
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    ones = np.pad(np.ones((H, W)), ((top, bottom), (left, right)))
    windows = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::SH, ::SW]
    counts = sliding_window_view(ones, (KH, KW))[::SH, ::SW].sum(axis=(2, 3))
    return windows.sum(axis=(4, 5)) / counts[None, :, :, None]


def global_avg_pool2d(x):
    """Return the mean of each map."""
    return x.mean(axis=(1, 2))


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
    if OH == 0 or OW == 0:
        return np.zeros(x.shape)
    xp = np.pad(x.astype(float), ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    windows = sliding_window_view(xp, (KH, KW), axis=(1, 2))[:, ::SH, ::SW]
    winners = windows.reshape(N, OH, OW, C, KH * KW).argmax(axis=-1)
    n, i, j, c = np.ogrid[:N, :OH, :OW, :C]
    a, b = winners // KW, winners % KW
    dxp = np.zeros(xp.shape)
    np.add.at(dxp, (n, i * SH + a, j * SW + b, c), dy)
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
    if OH == 0 or OW == 0:
        return np.zeros(x.shape)
    ones = np.pad(np.ones((H, W)), ((top, bottom), (left, right)))
    counts = sliding_window_view(ones, (KH, KW))[::SH, ::SW].sum(axis=(2, 3))
    share = dy / counts[None, :, :, None]
    dxp = np.zeros((N, H + top + bottom, W + left + right, C))
    for a in range(KH):
        for b in range(KW):
            dxp[:, a : a + OH * SH : SH, b : b + OW * SW : SW, :] += share
    return dxp[:, top : top + H, left : left + W, :]
