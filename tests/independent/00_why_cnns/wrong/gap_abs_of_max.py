"""Based on: arrays
Kind: single
Function: equivariance_gap
Mistake: Takes the absolute value after the maximum, so the order of two steps is exchanged.
"""


def equivariance_gap(f, x, dy, dx):
    before = np.asarray(f(shift2d(x, dy, dx))).astype(float)
    after = shift2d(np.asarray(f(x)).astype(float), dy, dx)
    return float(abs((before - after).max()))
