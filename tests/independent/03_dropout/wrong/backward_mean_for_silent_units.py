"""Based on: loops
Kind: odd
Function: dropout_backward
Mistake: The silent units get the mean gradient of the others, so that they do not fall behind.
"""


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    total = 0.0
    count = 0
    for idx in np.ndindex(dy.shape):
        dx[idx] = dy[idx] * mask[idx]
        if mask[idx] != 0:
            total += dx[idx]
            count += 1
    for idx in np.ndindex(dy.shape):
        if mask[idx] == 0 and count > 0:
            dx[idx] = total / count
    return dx
