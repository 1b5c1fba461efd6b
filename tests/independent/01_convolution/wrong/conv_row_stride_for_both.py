"""Based on: helpers
Kind: single
Function: conv2d, conv2d_backward, conv2d_fast
Mistake: Uses the stride of the rows for the columns too, since the pair is cut to its first number.
"""


def pair(v):
    first = v[0] if isinstance(v, (tuple, list)) else v
    return (first, first)
