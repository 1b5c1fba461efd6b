"""Based on: loops
Kind: single
Function: shift2d
Mistake: Checks only that the source is below the upper limit; a negative index then silently reads from the other end.
"""


def shift2d(x, dy, dx):
    x = np.asarray(x)
    out = np.zeros_like(x)
    if x.ndim == 4:
        for n in range(x.shape[0]):
            out[n] = shift2d(x[n], dy, dx)
        return out
    H = x.shape[0]
    W = x.shape[1]
    for i in range(H):
        for j in range(W):
            a = i - dy
            b = j - dx
            if a < H and b < W:
                out[i, j] = x[a, b]
    return out
