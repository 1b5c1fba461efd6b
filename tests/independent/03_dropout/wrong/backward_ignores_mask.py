"""Based on: arrays
Kind: single
Function: dropout_backward
Mistake: dy is returned as it is: dropout has no weights, so it is thought to need no gradient.
"""


def dropout_backward(dy, mask):
    return dy
