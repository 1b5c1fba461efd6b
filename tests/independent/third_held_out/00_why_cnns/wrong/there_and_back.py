"""Based on: loops
Kind: single
Function: equivariance_gap
Mistake: The result of the shifted image is moved back and compared with f(x), so what was lost counts as well.
"""

import numpy as np


def equivariance_gap(f, x, dy, dx):
    moved = f(shift2d(x, dy, dx))
    first = np.asarray(shift2d(moved, -dy, -dx), dtype=float)
    second = np.asarray(f(x), dtype=float)
    biggest = 0.0
    for u, v in zip(first.ravel(), second.ravel()):
        if abs(u - v) > biggest:
            biggest = abs(u - v)
    return float(biggest)
