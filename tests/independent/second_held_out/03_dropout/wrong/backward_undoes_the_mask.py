"""Based on: slices
Kind: single
Function: dropout_backward
Mistake: The gradient is divided by the mask where a unit is on, as if the scale had to be undone.
"""


def dropout_backward(dy, mask):
    # going backward = do the opposite of forward
    dx = np.zeros_like(dy, dtype=float)
    on = mask > 0
    dx[on] = dy[on] / mask[on]
    return dx
