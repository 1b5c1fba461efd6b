"""Based on: loops
Kind: double
Function: max_pool2d_backward, global_avg_pool2d
Mistake: In a tie the last maximum wins; and the global pooling returns the sum.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    best = -np.inf
                    win_r = -1
                    win_q = -1
                    for a in range(KH):
                        for b in range(KW):
                            r = i * SH + a - top
                            q = j * SW + b - left
                            if 0 <= r < H and 0 <= q < W and x[n, r, q, c] >= best:
                                best = x[n, r, q, c]
                                win_r = r
                                win_q = q
                    dx[n, win_r, win_q, c] += dy[n, i, j, c]
    return dx


def global_avg_pool2d(x):
    N, H, W, C = x.shape
    y = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            total = 0.0
            for i in range(H):
                for j in range(W):
                    total += x[n, i, j, c]
            y[n, c] = total
    return y
