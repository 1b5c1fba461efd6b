"""Based on: loops
Kind: single
Function: avg_pool2d_backward
Mistake: The share is assigned, so a pixel in several windows keeps only the share of the last.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                r0 = max(i * SH - top, 0)
                r1 = min(i * SH - top + KH, H)
                q0 = max(j * SW - left, 0)
                q1 = min(j * SW - left + KW, W)
                for c in range(C):
                    share = dy[n, i, j, c] / ((r1 - r0) * (q1 - q0))
                    for r in range(r0, r1):
                        for q in range(q0, q1):
                            dx[n, r, q, c] = share
    return dx
