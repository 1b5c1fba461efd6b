"""Based on: loops
Kind: single
Function: global_avg_pool2d
Mistake: Does not set the total to 0 for the next channel.
"""


def global_avg_pool2d(x):
    N, H, W, C = x.shape
    y = np.zeros((N, C))
    for n in range(N):
        total = 0.0
        for c in range(C):
            for i in range(H):
                for j in range(W):
                    total += x[n, i, j, c]
            y[n, c] = total / (H * W)
    return y
