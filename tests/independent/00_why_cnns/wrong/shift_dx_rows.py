"""Based on: slices
Kind: single
Function: shift2d
Mistake: Moves rows by dx and columns by dy, thinking of (x, y) coordinates.
"""


def shift2d(x, dy, dx):
    x = np.asarray(x)
    if x.ndim == 2:
        return shift2d(x[None, :, :, None], dy, dx)[0, :, :, 0]
    if x.ndim == 3:
        return shift2d(x[None], dy, dx)[0]
    H, W = x.shape[1:3]
    out = np.zeros_like(x)
    if abs(dx) >= H or abs(dy) >= W:
        return out
    out[:, max(dx, 0) : H + min(dx, 0), max(dy, 0) : W + min(dy, 0)] = x[
        :, max(-dx, 0) : H + min(-dx, 0), max(-dy, 0) : W + min(-dy, 0)
    ]
    return out
