"""Based on: slices
Kind: single
Function: dropout_backward
Mistake: The scale is worked out again from the share of units that are on, and the one in the mask is not used.
"""

import numpy as np


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    on = mask > 0
    dx[on] = dy[on] / on.mean()
    return dx
