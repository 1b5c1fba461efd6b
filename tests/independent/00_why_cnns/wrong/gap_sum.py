"""Based on: loops
Kind: single
Function: equivariance_gap
Mistake: Adds up all absolute differences, understanding the gap as a total distance.
"""


def equivariance_gap(f, x, dy, dx):
    first = np.asarray(f(shift2d(x, dy, dx)), dtype=float)
    second = np.asarray(shift2d(f(x), dy, dx), dtype=float)
    gap = 0.0
    for u, v in zip(first.ravel(), second.ravel()):
        gap += abs(u - v)
    return float(gap)
