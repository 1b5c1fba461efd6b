"""Based on: helpers
Kind: single
Function: equivariance_gap
Mistake: Shifts f(x) by minus dy and minus dx, thinking that the second way has to undo the first.
"""


def equivariance_gap(f, x, dy, dx):
    return largest_difference(f(shift2d(x, dy, dx)), shift2d(f(x), -dy, -dx))
