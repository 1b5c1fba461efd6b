"""Based on: arrays
Kind: single
Function: dropout_backward
Mistake: dy is divided by the mask, to undo what the forward pass did.
"""


def dropout_backward(dy, mask):
    return np.divide(dy, mask, out=np.zeros(dy.shape), where=mask != 0)
