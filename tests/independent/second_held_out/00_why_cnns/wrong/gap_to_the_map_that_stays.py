"""Based on: helpers
Kind: single
Function: equivariance_gap
Mistake: f(shifted x) is compared with f(x) itself, which would be invariance.
"""


def equivariance_gap(f, x, dy, dx):
    moved = f(shift2d(x, dy, dx))
    stayed = f(x)
    return largest_difference(moved, stayed)
