"""Based on: loops
Kind: single
Function: dropout_backward
Mistake: The derivative of y with respect to x is returned, which is the mask, without dy.
"""


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    for idx in np.ndindex(dy.shape):
        dx[idx] = mask[idx]
    return dx
