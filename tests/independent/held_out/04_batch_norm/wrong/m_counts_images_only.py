"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: Takes the number of images for the number of examples, although each pixel is one.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    m = x.shape[0]
    inv = 1 / np.sqrt(x.var(axis=axes) + eps)
    xhat = (x - x.mean(axis=axes)) * inv
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * xhat).sum(axis=axes)
    dx = gamma * inv / m * (m * dy - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta
