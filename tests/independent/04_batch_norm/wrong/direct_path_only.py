"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: Mean and variance are treated as constants, so dx is only gamma times dy over the deviation.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    inv = 1 / np.sqrt(x.var(axis=axes) + eps)
    xhat = (x - x.mean(axis=axes)) * inv
    dbeta = dy.sum(axis=axes)
    dgamma = (dy * xhat).sum(axis=axes)
    dx = gamma * inv * dy
    return dx, dgamma, dbeta
