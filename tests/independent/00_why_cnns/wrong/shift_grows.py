"""Based on: arrays
Kind: single
Function: shift2d
Mistake: Adds the zeros but does not cut off what leaves the image, so the result is larger than x.
"""


def shift2d(x, dy, dx):
    x = np.asarray(x)
    rows, cols = (0, 1) if x.ndim < 4 else (1, 2)
    pads = [(0, 0)] * x.ndim
    pads[rows] = (max(dy, 0), max(-dy, 0))
    pads[cols] = (max(dx, 0), max(-dx, 0))
    return np.pad(x, pads)
