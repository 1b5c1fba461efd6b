"""Based on: arrays
Kind: single
Function: shift2d
Mistake: Uses np.roll and leaves the pixels that come in on the other side, believing that a shift is a rotation of the rows.
"""


def shift2d(x, dy, dx):
    x = np.asarray(x)
    rows, cols = (1, 2) if x.ndim == 4 else (0, 1)
    return np.roll(np.roll(x, dy, axis=rows), dx, axis=cols)
