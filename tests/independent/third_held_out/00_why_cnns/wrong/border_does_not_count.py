"""Based on: helpers
Kind: single
Function: equivariance_gap
Mistake: The rows and columns where zeros came in are left out of the comparison.
"""

import numpy as np


def without_new_pixels(y, dy, dx):
    y = np.asarray(y)
    rows, cols = image_axes(y)
    keep = [slice(None)] * y.ndim
    keep[rows] = slice(max(dy, 0), max(y.shape[rows] + min(dy, 0), 0))
    keep[cols] = slice(max(dx, 0), max(y.shape[cols] + min(dx, 0), 0))
    return y[tuple(keep)]


def equivariance_gap(f, x, dy, dx):
    before = without_new_pixels(f(shift2d(x, dy, dx)), dy, dx)
    after = without_new_pixels(shift2d(f(x), dy, dx), dy, dx)
    if before.size == 0:
        return 0.0
    return largest_difference(before, after)
