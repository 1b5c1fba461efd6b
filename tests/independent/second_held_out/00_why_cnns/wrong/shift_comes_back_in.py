"""Based on: slices
Kind: single
Function: shift2d
Mistake: np.roll lets the pixels that leave come in again on the other side.
"""


def shift2d(x, dy, dx):
    first = 1 if x.ndim == 4 else 0
    return np.roll(np.roll(x, dy, axis=first), dx, axis=first + 1)
