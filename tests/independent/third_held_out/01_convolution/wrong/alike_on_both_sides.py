"""Based on: helpers
Kind: single
Function: same_padding, conv2d, conv2d_backward, conv2d_fast
Mistake: Both sides get the same number of zeros, so an odd number is rounded up to the next even one.
"""


def same_padding(n, k, s):
    needed = (ceil_div(n, s) - 1) * s + k
    each_side = ceil_div(max(needed - n, 0), 2)
    return each_side, each_side
