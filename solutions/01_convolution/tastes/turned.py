"""The gradient of the image as a convolution: dy with gaps of the stride, and the kernel flipped."""

import numpy as np

# ruff: noqa: RUF059
# A learner unpacks the whole shape, and a patch may use what the right program does not.


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
    spread = np.zeros((N, xp.shape[1] - KH + 1, xp.shape[2] - KW + 1, F))
    spread[:, : OH * SH : SH, : OW * SW : SW, :] = dy
    around = np.pad(spread, ((0, 0), (KH - 1, KH - 1), (KW - 1, KW - 1), (0, 0)))
    turned = w[::-1, ::-1]
    dxp = np.zeros(xp.shape)
    for r in range(xp.shape[1]):
        for q in range(xp.shape[2]):
            dxp[:, r, q, :] = np.tensordot(around[:, r : r + KH, q : q + KW, :], turned, axes=((1, 2, 3), (0, 1, 3)))
    dw = np.zeros(w.shape)
    for ki in range(KH):
        for kj in range(KW):
            seen = xp[:, ki : ki + SH * OH : SH, kj : kj + SW * OW : SW, :]
            dw[ki, kj] = np.tensordot(seen, dy, axes=((0, 1, 2), (0, 1, 2)))
    db = np.sum(dy, axis=(0, 1, 2))
    dx = dxp[:, top : top + H, left : left + W, :]
    return dx, dw, db
