"""Based on: loops
Kind: single
Function: max_pool2d_backward
Mistake: The winner gets 1, the derivative of the maximum, and the chain rule with dy is forgotten.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    N, H, W, C = x.shape
    KH, KW, SH, SW, OH, OW, top, left = geometry(x, size, stride, padding)
    dx = np.zeros((N, H, W, C))
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    winner = None
                    for r in range(max(i * SH - top, 0), min(i * SH - top + KH, H)):
                        for q in range(max(j * SW - left, 0), min(j * SW - left + KW, W)):
                            if winner is None or x[n, r, q, c] > x[n, winner[0], winner[1], c]:
                                winner = (r, q)
                    dx[n, winner[0], winner[1], c] += 1
    return dx
