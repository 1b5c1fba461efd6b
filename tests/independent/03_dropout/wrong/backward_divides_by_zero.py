"""Based on: helpers
Kind: single
Function: dropout_backward
Mistake: dy is divided by the mask without a thought of the zeros, which give infinite gradients.
"""


def dropout_backward(dy, mask):
    return dy / mask
