"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: dbeta and dgamma are means over the batch and the formula for dx is adapted, since losses are means.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    inv = 1 / np.sqrt(x.var(axis=axes) + eps)
    xhat = (x - x.mean(axis=axes)) * inv
    dbeta = dy.mean(axis=axes)
    dgamma = (dy * xhat).mean(axis=axes)
    dx = gamma * inv * (dy - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta
