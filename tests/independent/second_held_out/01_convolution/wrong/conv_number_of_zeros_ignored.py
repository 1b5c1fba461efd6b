"""Based on: loops
Kind: single
Function: conv2d
Mistake: Only "same" pads; an int padding is treated like "valid".
"""


def conv2d(x, w, b, stride=1, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    SH, SW = (stride, stride) if isinstance(stride, int) else stride
    if padding == "same":
        x = pad2d(x, (same_padding(H, KH, SH), same_padding(W, KW, SW)))
        H, W = x.shape[1:3]
    OH = (H - KH) // SH + 1
    OW = (W - KW) // SW + 1
    y = np.zeros((N, OH, OW, F))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(F):
                    s = b[f]
                    for a in range(KH):
                        for c in range(KW):
                            for d in range(C):
                                s += x[n, i * SH + a, j * SW + c, d] * w[a, c, d, f]
                    y[n, i, j, f] = s
    return y
