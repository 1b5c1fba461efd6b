"""Based on: loops
Kind: single
Function: max_pool2d
Mistake: A pair is understood for the size, but the stride is used as one number for both directions.
"""


def max_pool2d(x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    step = SH
    y = np.zeros((N, OH, OW, C))
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    best = -np.inf
                    for r in range(max(i * step - top, 0), min(i * step - top + KH, H)):
                        for q in range(max(j * step - left, 0), min(j * step - left + KW, W)):
                            if x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                    y[n, i, j, c] = best
    return y
