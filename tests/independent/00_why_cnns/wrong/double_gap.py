"""Based on: helpers
Kind: double
Function: equivariance_gap
Mistake: Takes the mean instead of the largest difference; and compares with f(x) that was not shifted.
"""


def mean_difference(a, b):
    return float(np.mean(np.abs(np.asarray(a, dtype=float) - np.asarray(b, dtype=float))))


def equivariance_gap(f, x, dy, dx):
    return mean_difference(f(shift2d(x, dy, dx)), f(x))
