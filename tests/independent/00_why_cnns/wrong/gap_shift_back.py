"""Based on: helpers
Kind: single
Function: equivariance_gap
Mistake: Shifts the result back and compares it with f(x), as if the pixels that were pushed out came back.
"""


def equivariance_gap(f, x, dy, dx):
    moved = f(shift2d(x, dy, dx))
    back = shift2d(moved, -dy, -dx)
    return largest_difference(back, f(x))
