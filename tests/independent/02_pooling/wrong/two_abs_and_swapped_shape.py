"""Based on: loops
Kind: double
Function: max_pool2d
Mistake: The strongest pixel is chosen by its absolute value; and rows and columns are swapped in the shape of the result, so the loops run over the wrong numbers of windows.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    OH, OW = OW, OH
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = 0.0
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and abs(x[n, r, q, c]) > abs(best):
                                best = x[n, r, q, c]
                    y[n, i, j, c] = best
    return y
