"""Based on: loops
Kind: single
Function: dropout_backward
Mistake: The mask is only asked whether a unit is off, and its value is ignored.
"""


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    for idx in np.ndindex(dy.shape):
        if mask[idx] == 0:
            dx[idx] = 0.0
        else:
            dx[idx] = dy[idx]
    return dx
