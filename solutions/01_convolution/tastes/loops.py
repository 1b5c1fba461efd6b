"""Plain loops over images, rows, columns and filters; the output's size is read off the padded image."""

import numpy as np

# ruff: noqa: RUF059
# A learner unpacks the whole shape, and a patch may use what the right program does not.


def same_padding(n, k, s):
    out = -(-n // s)
    total = max((out - 1) * s + k - n, 0)
    before = total // 2
    after = total - before
    return before, after


def pad2d(x, pads):
    (top, bottom), (left, right) = pads
    N, H, W, C = x.shape
    xp = np.zeros((N, H + top + bottom, W + left + right, C))
    xp[:, top : top + H, left : left + W, :] = x
    return xp


def conv2d_step(patch, w, b):
    KH, KW, C, F = w.shape
    y = np.zeros(F)
    for f in range(F):
        y[f] = np.sum(patch * w[:, :, :, f]) + b[f]
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
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    OH = max(0, (xp.shape[1] - KH) // SH + 1)
    OW = max(0, (xp.shape[2] - KW) // SW + 1)
    y = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    patch = xp[n, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
                    y[n, i, j, f] = np.sum(patch * w[:, :, :, f]) + b[f]
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
        bottom = rows - top
        right = cols - left
    else:
        p = 0 if padding == "valid" else padding
        top = bottom = left = right = p
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    OH, OW = dy.shape[1:3]
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(F)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    patch = xp[n, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
                    dxp[n, i * SH : i * SH + KH, j * SW : j * SW + KW, :] += dy[n, i, j, f] * w[:, :, :, f]
                    dw[:, :, :, f] += dy[n, i, j, f] * patch
                    db[f] += dy[n, i, j, f]
    dx = dxp[:, top : top + H, left : left + W, :]
    return dx, dw, db


conv2d_fast = conv2d


def conv2d_dilated(x, w, b, stride=1, padding="valid", dilation=1):
    DH, DW = dilation if isinstance(dilation, (tuple, list)) else (dilation, dilation)
    KH, KW, C, F = w.shape
    spread = np.zeros(((KH - 1) * DH + 1, (KW - 1) * DW + 1, C, F))
    spread[::DH, ::DW] = w
    return conv2d(x, spread, b, stride, padding)


def conv2d_grouped(x, w, b, stride=1, padding="valid", groups=1):
    channels = x.shape[3] // groups
    filters = w.shape[3] // groups
    maps = []
    for g in range(groups):
        xg = x[:, :, :, g * channels : (g + 1) * channels]
        wg = w[:, :, :, g * filters : (g + 1) * filters]
        bg = b[g * filters : (g + 1) * filters]
        maps.append(conv2d(xg, wg, bg, stride, padding))
    return np.concatenate(maps, axis=3)
