"""Based on: slices
Kind: single
Function: equivariance_gap
Mistake: Takes the maximum of the signed differences, so a large negative difference is not seen.
"""


def equivariance_gap(f, x, dy, dx):
    a = f(shift2d(x, dy, dx))
    b = shift2d(f(x), dy, dx)
    return float(np.max(np.subtract(a, b, dtype=float)))
