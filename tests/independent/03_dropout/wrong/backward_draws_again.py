"""Based on: slices
Kind: single
Function: dropout_backward
Mistake: A new mask with the same share of zeros is drawn for the gradient.
"""


def dropout_backward(dy, mask):
    rate = np.mean(mask == 0)
    dx = np.array(dy, dtype=float)
    off = np.random.default_rng().random(dy.shape) < rate
    dx[off] = 0
    dx[~off] *= mask.max()
    return dx
