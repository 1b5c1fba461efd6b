"""Based on: loops
Kind: single
Function: global_avg_pool2d
Mistake: The sum of a map is divided by H * H: pictures are taken to be square.
"""


def global_avg_pool2d(x):
    N, H, W, C = x.shape
    y = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            total = 0.0
            for i in range(H):
                for j in range(W):
                    total += x[n, i, j, c]
            y[n, c] = total / (H * H)
    return y
