"""Based on: beginner
Kind: single
Function: dropout_backward
Mistake: The gradient is multiplied by the mask twice, once for the unit and once for the scale that is already in the mask.
"""


def dropout_backward(dy, mask):
    flat_gradient = dy.reshape(-1)
    flat_mask = mask.reshape(-1)
    result = np.array([])
    for index in range(len(flat_gradient)):
        if flat_mask[index] == 0:
            result = np.append(result, 0.0)
        else:
            result = np.append(result, flat_gradient[index] * flat_mask[index] * flat_mask[index])
    return result.reshape(dy.shape)
