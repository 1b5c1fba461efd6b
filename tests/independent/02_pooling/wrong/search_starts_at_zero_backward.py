"""Based on: loops
Kind: single
Function: max_pool2d_backward
Mistake: The best value starts at 0 and the place at the first pixel of the window, which then wins whenever all pixels are negative.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = 0.0
                    win_r = max(i * SH - top, 0)
                    win_q = max(j * SW - left, 0)
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] > best:
                                best = x[n, r, q, c]
                                win_r = r
                                win_q = q
                    dx[n, win_r, win_q, c] += dy[n, i, j, c]
    return dx
