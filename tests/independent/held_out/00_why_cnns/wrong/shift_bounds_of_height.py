"""Based on: loops
Kind: single
Function: shift2d
Mistake: Compares the column with the number of rows, because the condition was copied.
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
            if a >= 0 and a < H and b >= 0 and b < H:
                out[i, j] = x[a, b]
    return out
