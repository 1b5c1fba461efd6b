"""Based on: slices
Kind: single
Function: dropout_backward
Mistake: Lets the gradient through where a unit was on, but forgets its factor.
"""


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    on = mask > 0
    dx[on] = dy[on]
    return dx
