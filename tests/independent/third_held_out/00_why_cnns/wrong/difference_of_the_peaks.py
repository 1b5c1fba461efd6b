"""Based on: slices
Kind: single
Function: equivariance_gap
Mistake: The largest pixels of the two results are compared, wherever they are, and not the results pixel by pixel.
"""

import numpy as np


def equivariance_gap(f, x, dy, dx):
    a = f(shift2d(x, dy, dx))
    b = shift2d(f(x), dy, dx)
    return float(abs(np.max(a) - np.max(b)))
