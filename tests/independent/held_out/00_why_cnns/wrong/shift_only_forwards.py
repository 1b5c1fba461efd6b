"""Based on: slices
Kind: single
Function: shift2d
Mistake: The slices only work for a move down and to the right; a negative shift picks other pixels or none.
"""


def shift2d(x, dy, dx):
    x = np.asarray(x)
    if x.ndim == 2:
        return shift2d(x[None, :, :, None], dy, dx)[0, :, :, 0]
    if x.ndim == 3:
        return shift2d(x[None], dy, dx)[0]
    H, W = x.shape[1:3]
    out = np.zeros_like(x)
    if abs(dy) >= H or abs(dx) >= W:
        return out
    out[:, dy:, dx:] = x[:, : H - dy, : W - dx]
    return out
