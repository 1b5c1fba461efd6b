"""Based on: helpers
Kind: single
Function: dropout_backward
Mistake: The gradient goes to the units that were off, so that they can catch up.
"""


def opposite(mask):
    return (mask == 0) * mask.max()


def dropout_backward(dy, mask):
    return apply_mask(dy, opposite(mask))
