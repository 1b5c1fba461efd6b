"""Based on: loops
Kind: odd
Function: max_pool2d
Mistake: If the stride is larger than the window, the window is made as large as the stride, so that no pixel is left out.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    KH = max(KH, SH)
    KW = max(KW, SW)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = -np.inf
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                    y[n, i, j, c] = best
    return y
