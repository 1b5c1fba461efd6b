"""Based on: loops
Kind: double
Function: pad2d, conv2d_step
Mistake: Takes the first pair of the padding for the columns; and the step adds no bias.
"""


def pad2d(x, pads):
    (left, right), (top, bottom) = pads
    N, H, W, C = x.shape
    out = np.zeros((N, top + H + bottom, left + W + right, C), dtype=x.dtype)
    for n in range(N):
        for i in range(H):
            for j in range(W):
                for c in range(C):
                    out[n, top + i, left + j, c] = x[n, i, j, c]
    return out


def conv2d_step(patch, w, b):
    KH, KW, C_in, C_out = w.shape
    out = np.zeros(C_out)
    for f in range(C_out):
        total = 0.0
        for i in range(KH):
            for j in range(KW):
                for c in range(C_in):
                    total += patch[i, j, c] * w[i, j, c, f]
        out[f] = total
    return out
