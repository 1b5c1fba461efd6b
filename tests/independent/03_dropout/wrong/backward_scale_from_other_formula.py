"""Based on: arrays
Kind: single
Function: dropout_backward
Mistake: The scale is worked out again from the share of zeros in the mask, which is close to the rate but not equal to it.
"""


def dropout_backward(dy, mask):
    on = mask != 0
    return dy * on / max(on.mean(), 1e-9)
