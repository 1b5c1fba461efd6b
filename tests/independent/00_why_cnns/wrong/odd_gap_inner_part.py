"""Based on: arrays
Kind: odd
Function: equivariance_gap
Mistake: Compares only the part that zeros could not have reached, by an invented rule that the border does not count.
"""


def equivariance_gap(f, x, dy, dx):
    before = np.asarray(f(shift2d(x, dy, dx))).astype(float)
    after = shift2d(np.asarray(f(x)).astype(float), dy, dx)
    rows, cols = (1, 2) if before.ndim == 4 else (0, 1)
    m = max(abs(dy), abs(dx))
    r = np.arange(m, before.shape[rows] - m)
    c = np.arange(m, before.shape[cols] - m)
    diff = np.abs(before - after).take(r, axis=rows).take(c, axis=cols)
    return float(diff.max()) if diff.size else 0.0
