"""Based on: beginner
Kind: single
Function: avg_pool2d_backward
Mistake: The whole gradient goes to the largest pixel: the function for the maximum was copied and not changed.
"""


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    gradient = max_pool2d_backward(dy, x, size, stride, padding)
    return gradient
