"""Based on: loops
Kind: single
Function: max_pool2d
Mistake: The search for the largest number starts at 0, in the belief that no pixel is smaller than black.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W:
                                y[n, i, j, c] = max(y[n, i, j, c], x[n, r, q, c])
    return y
