"""Based on: beginner
Kind: single
Function: dropout_backward
Mistake: The gradients of the silent units are left out and not set to 0, so the result is too short.
"""


def dropout_backward(dy, mask):
    flat_gradient = dy.reshape(-1)
    flat_mask = mask.reshape(-1)
    result = np.array([])
    for index in range(len(flat_gradient)):
        if flat_mask[index] != 0:
            result = np.append(result, flat_gradient[index] * flat_mask[index])
    return result
