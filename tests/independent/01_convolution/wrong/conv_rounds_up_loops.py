"""Based on: loops
Kind: single
Function: conv2d
Mistake: Rounds the number of positions up so that every pixel is seen, and leaves out the products that lie beyond the border.
"""


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
    HP = xp.shape[1]
    WP = xp.shape[2]
    OH = max(-(-(HP - KH) // SH) + 1, 0)
    OW = max(-(-(WP - KW) // SW) + 1, 0)
    y = np.zeros((N, OH, OW, C_out))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for f in range(C_out):
                    total = b[f]
                    for a in range(KH):
                        for e in range(KW):
                            r = i * SH + a
                            s = j * SW + e
                            if r < HP and s < WP:
                                for c in range(C_in):
                                    total += xp[n, r, s, c] * w[a, e, c, f]
                    y[n, i, j, f] = total
    return y
