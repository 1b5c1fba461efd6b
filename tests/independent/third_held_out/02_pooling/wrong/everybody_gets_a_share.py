"""Based on: helpers
Kind: single
Function: max_pool2d_backward
Mistake: The gradient is shared equally by all pixels of the window and does not go to the largest one.
"""


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    return unpool(dy, x, size, stride, padding, equal_shares)
