"""Based on: helpers
Kind: single
Function: shift2d
Mistake: Always moves along the first two axes, so in a batch it moves images into each other.
"""


def image_axes(x):
    return 0, 1
