"""Based on: beginner
Kind: single
Function: dropout_backward
Mistake: The gradient of a unit that is on passes unchanged, without the scale of the mask.
"""

import numpy as np


def dropout_backward(dy, mask):
    flat_gradient = dy.reshape(-1)
    flat_mask = mask.reshape(-1)
    result = np.array([])
    for index in range(len(flat_gradient)):
        if flat_mask[index] == 0:
            result = np.append(result, 0.0)
        else:
            result = np.append(result, flat_gradient[index])
    return result.reshape(dy.shape)
