"""Slices per window, for all images at once; the output's size is computed before the image is padded."""

import numpy as np

# ruff: noqa: RUF059, SIM108
# A learner unpacks the whole shape, and a patch may use what the right program does not.


def same_padding(n, k, s):
    if n % s == 0:
        total = max(k - s, 0)
    else:
        total = max(k - n % s, 0)
    before = total // 2
    after = total - before
    return before, after


def pad2d(x, pads):
    (top, bottom), (left, right) = pads
    return np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))


def conv2d_step(patch, w, b):
    KH, KW, C, F = w.shape
    products = patch[:, :, :, None] * w
    return np.sum(products, axis=(0, 1, 2)) + b


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
        OH = max(0, (H + 2 * p - KH) // SH + 1)
        OW = max(0, (W + 2 * p - KW) // SW + 1)
        top = bottom = left = right = p
    xp = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    y = np.zeros((N, OH, OW, F))
    for i in range(OH):
        for j in range(OW):
            for f in range(F):
                patch = xp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
                y[:, i, j, f] = np.sum(patch * w[:, :, :, f], axis=(1, 2, 3)) + b[f]
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
    for i in range(OH):
        for j in range(OW):
            for f in range(F):
                g = dy[:, i, j, f].reshape(N, 1, 1, 1)
                patch = xp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
                dxp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :] += g * w[:, :, :, f]
                dw[:, :, :, f] += np.sum(g * patch, axis=0)
    db = np.sum(dy, axis=(0, 1, 2))
    dx = dxp[:, top : top + H, left : left + W, :]
    return dx, dw, db


conv2d_fast = conv2d
