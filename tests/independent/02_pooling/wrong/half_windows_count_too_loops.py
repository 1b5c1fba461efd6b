"""Based on: loops
Kind: single
Function: max_pool2d
Mistake: The number of windows is rounded up for valid, so that no pixel is lost; the window at the end has fewer pixels.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    if padding == "valid":
        OH = max(-(-(H - KH) // SH) + 1, 0)
        OW = max(-(-(W - KW) // SW) + 1, 0)
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
