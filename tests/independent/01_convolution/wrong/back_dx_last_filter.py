"""Based on: loops
Kind: single
Function: conv2d_backward
Mistake: Assigns the gradient of each filter to dx, so that of earlier filters is lost; windows are added but filters are not.
"""


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
    dw = np.zeros(w.shape)
    db = np.zeros(C_out)
    for f in range(C_out):
        dxp = np.zeros(xp.shape)
        for n in range(N):
            for i in range(dy.shape[1]):
                for j in range(dy.shape[2]):
                    g = dy[n, i, j, f]
                    db[f] += g
                    for a in range(KH):
                        for e in range(KW):
                            for c in range(C_in):
                                dw[a, e, c, f] += xp[n, i * SH + a, j * SW + e, c] * g
                                dxp[n, i * SH + a, j * SW + e, c] += w[a, e, c, f] * g
    top = pads[0][0]
    left = pads[1][0]
    dx = dxp[:, top : top + H, left : left + W]
    return dx, dw, db
