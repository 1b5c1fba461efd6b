"""Based on: loops
Kind: single
Function: equivariance_gap
Mistake: Compares f(shifted x) with the shifted x itself, forgetting to apply f on the second way.
"""


def equivariance_gap(f, x, dy, dx):
    first = np.asarray(f(shift2d(x, dy, dx)), dtype=float)
    second = np.asarray(shift2d(x, dy, dx), dtype=float)
    biggest = 0.0
    for u, v in zip(first.ravel(), second.ravel()):
        if abs(u - v) > biggest:
            biggest = abs(u - v)
    return float(biggest)
