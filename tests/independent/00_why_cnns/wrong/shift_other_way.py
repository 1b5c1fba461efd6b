"""Based on: loops
Kind: single
Function: shift2d
Mistake: Takes the pixel from i + dy and j + dx, so the image moves up and left for positive numbers; source and target are mixed up.
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
            a = i + dy
            b = j + dx
            if a >= 0 and a < H and b >= 0 and b < W:
                out[i, j] = x[a, b]
    return out
