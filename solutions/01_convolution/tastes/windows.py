"""Windows of all images and all filters in one product; the output's size is read off the padded image."""

import numpy as np

# ruff: noqa: RUF059
# A learner unpacks the whole shape, and a patch may use what the right program does not.


def conv2d_step(patch, w, b):
    KH, KW, C, F = w.shape
    return np.tensordot(patch, w, axes=((0, 1, 2), (0, 1, 2))) + b


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
    for i in range(OH):
        for j in range(OW):
            patch = xp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
            y[:, i, j, :] = np.tensordot(patch, w, axes=((1, 2, 3), (0, 1, 2))) + b
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
            patch = xp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :]
            dxp[:, i * SH : i * SH + KH, j * SW : j * SW + KW, :] += np.tensordot(dy[:, i, j, :], w, axes=(1, 3))
            dw += np.tensordot(patch, dy[:, i, j, :], axes=(0, 0))
    db = np.sum(dy, axis=(0, 1, 2))
    dx = dxp[:, top : top + H, left : left + W, :]
    return dx, dw, db


conv2d_fast = conv2d
