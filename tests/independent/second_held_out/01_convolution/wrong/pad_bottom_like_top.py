"""Based on: loops
Kind: single
Function: pad2d
Mistake: The numbers for the top and the left are used for the bottom and the right as well.
"""


def pad2d(x, pads):
    p_h = pads[0][0]
    p_w = pads[1][0]
    N, H, W, C = x.shape
    big = np.zeros((N, H + 2 * p_h, W + 2 * p_w, C))
    for n in range(N):
        for i in range(H):
            for j in range(W):
                big[n, i + p_h, j + p_w] = x[n, i, j]
    return big
