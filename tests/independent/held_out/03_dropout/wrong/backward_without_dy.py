"""Based on: helpers
Kind: single
Function: dropout_backward
Mistake: Returns the derivative of y with respect to x and forgets to multiply it by dy.
"""


def dropout_backward(dy, mask):
    return np.array(mask, dtype=float)
