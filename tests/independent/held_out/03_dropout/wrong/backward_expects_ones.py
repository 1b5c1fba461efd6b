"""Based on: arrays
Kind: single
Function: dropout_backward
Mistake: Believes that the mask is 1 where a unit was on; with another number no gradient comes through.
"""


def dropout_backward(dy, mask):
    return np.where(mask == 1, dy, 0.0)
