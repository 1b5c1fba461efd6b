"""Based on: loops
Kind: single
Function: conv2d_fast
Mistake: The bias is added once for each position inside the kernel.
"""

import numpy as np


def conv2d_fast(x, w, b, stride=1, padding="valid"):
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
    xp = np.pad(x, ((0, 0), pads[0], pads[1], (0, 0)))
    OH = max((xp.shape[1] - KH) // SH + 1, 0)
    OW = max((xp.shape[2] - KW) // SW + 1, 0)
    y = np.zeros((N, OH, OW, C_out))
    if OH == 0 or OW == 0:
        return y
    for a in range(KH):
        for e in range(KW):
            y += xp[:, a : a + SH * (OH - 1) + 1 : SH, e : e + SW * (OW - 1) + 1 : SW] @ w[a, e] + b
    return y
