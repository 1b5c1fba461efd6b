"""Based on: arrays
Kind: single
Function: equivariance_gap
Mistake: Averages the absolute differences, as one does for an error, instead of taking the largest.
"""


def equivariance_gap(f, x, dy, dx):
    before = np.asarray(f(shift2d(x, dy, dx))).astype(float)
    after = shift2d(np.asarray(f(x)).astype(float), dy, dx)
    return float(np.abs(before - after).mean())
