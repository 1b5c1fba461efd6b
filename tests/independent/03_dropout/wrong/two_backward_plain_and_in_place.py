"""Based on: helpers
Kind: double
Function: dropout_backward
Mistake: The scale of the mask is dropped; and dy is changed in place.
"""


def dropout_backward(dy, mask):
    dy[mask == 0] = 0
    return dy
