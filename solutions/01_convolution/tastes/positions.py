"""A loop over the positions inside the kernel; each step handles all windows of all images at once."""

import numpy as np

# ruff: noqa: RUF059
# A learner unpacks the whole shape, and a patch may use what the right program does not.


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
    for ki in range(KH):
        for kj in range(KW):
            seen = xp[:, ki : ki + SH * OH : SH, kj : kj + SW * OW : SW, :]
            y += seen @ w[ki, kj]
    return y + b


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
    for ki in range(KH):
        for kj in range(KW):
            seen = xp[:, ki : ki + SH * OH : SH, kj : kj + SW * OW : SW, :]
            dw[ki, kj] = np.tensordot(seen, dy, axes=((0, 1, 2), (0, 1, 2)))
            dxp[:, ki : ki + SH * OH : SH, kj : kj + SW * OW : SW, :] += dy @ w[ki, kj].T
    db = np.sum(dy, axis=(0, 1, 2))
    dx = dxp[:, top : top + H, left : left + W, :]
    return dx, dw, db


conv2d_fast = conv2d
