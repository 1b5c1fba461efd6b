"""Based on: slices
Kind: single
Function: dropout_backward
Mistake: Where a unit was on, dy is passed on unchanged; the scale in the mask is not used.
"""


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    on = mask > 0
    dx[on] = dy[on]
    return dx
