"""Based on: helpers
Kind: single
Function: max_pool2d, avg_pool2d, max_pool2d_backward, avg_pool2d_backward
Mistake: A pair is read as (columns, rows), like width and height of a screen.
"""


def as_pair(value):
    return (value[1], value[0]) if isinstance(value, (tuple, list)) else (value, value)
