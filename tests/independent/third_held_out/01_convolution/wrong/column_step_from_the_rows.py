"""Based on: loops
Kind: single
Function: conv2d
Mistake: The windows move across by the stride of the rows.
"""

import numpy as np


def conv2d(x, w, b, stride=1, padding="valid"):
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
    OH = max((xp.shape[1] - KH) // SH + 1, 0)
    OW = max((xp.shape[2] - KW) // SW + 1, 0)
    y = np.zeros((N, OH, OW, C_out))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(C_out):
                    total = 0.0
                    for a in range(KH):
                        for e in range(KW):
                            for c in range(C_in):
                                total += xp[n, i * SH + a, j * SH + e, c] * w[a, e, c, f]
                    y[n, i, j, f] = total + b[f]
    return y
