"""Based on: slices
Kind: single
Function: conv2d_backward
Mistake: dx is cropped by the zeros at the bottom and right instead of those at the top and left.
"""

import numpy as np


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = (stride, stride) if np.isscalar(stride) else stride
    kh, kw, _, c_out = w.shape
    N, H, W, _ = x.shape
    if padding == "same":
        (pt, pb), (pl, pr) = same_padding(H, kh, sh), same_padding(W, kw, sw)
    elif padding == "valid":
        pt = pb = pl = pr = 0
    else:
        pt = pb = pl = pr = padding
    xp = pad2d(x, ((pt, pb), (pl, pr)))
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    for n in range(N):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                rows = slice(i * sh, i * sh + kh)
                cols = slice(j * sw, j * sw + kw)
                for f in range(c_out):
                    dxp[n, rows, cols, :] += w[:, :, :, f] * dy[n, i, j, f]
                    dw[:, :, :, f] += xp[n, rows, cols, :] * dy[n, i, j, f]
    db = dy.sum(axis=(0, 1, 2))
    dx = dxp[:, pb : pb + H, pr : pr + W, :]
    return dx, dw, db
