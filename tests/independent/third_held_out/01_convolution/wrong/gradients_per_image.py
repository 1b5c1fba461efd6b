"""Based on: loops
Kind: single
Function: conv2d_backward
Mistake: dw and db are divided by the number of images.
"""

import numpy as np


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    N, H, W, C_in = x.shape
    KH, KW, _, C_out = w.shape
    if isinstance(stride, int):
        SH = SW = stride
    else:
        SH, SW = stride
    if padding == "valid":
        pads = ((0, 0), (0, 0))
    elif padding == "same":
        pads = (same_padding(H, KH, SH), same_padding(W, KW, SW))
    else:
        pads = ((padding, padding), (padding, padding))
    xp = pad2d(x, pads)
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(C_out)
    OH, OW = dy.shape[1], dy.shape[2]
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(C_out):
                    g = dy[n, i, j, f]
                    db[f] += g
                    for a in range(KH):
                        for e in range(KW):
                            for c in range(C_in):
                                dw[a, e, c, f] += xp[n, i * SH + a, j * SW + e, c] * g
                                dxp[n, i * SH + a, j * SW + e, c] += w[a, e, c, f] * g
    top = pads[0][0]
    left = pads[1][0]
    dx = np.zeros(x.shape)
    for i in range(H):
        for j in range(W):
            dx[:, i, j] = dxp[:, top + i, left + j]
    return dx, dw / N, db / N
