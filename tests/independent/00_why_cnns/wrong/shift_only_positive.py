"""Based on: slices
Kind: single
Function: shift2d
Mistake: Thinks only of moves down and to the right; a negative number slices from the wrong end and the shapes do not match.
"""


def shift2d(x, dy, dx):
    x = np.asarray(x)
    if x.ndim == 2:
        return shift2d(x[None, :, :, None], dy, dx)[0, :, :, 0]
    if x.ndim == 3:
        return shift2d(x[None], dy, dx)[0]
    H, W = x.shape[1:3]
    out = np.zeros_like(x)
    if dy >= H or dx >= W:
        return out
    out[:, dy:, dx:] = x[:, : H - dy, : W - dx]
    return out
