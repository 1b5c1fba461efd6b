"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: keepdims is used in all sums, so dgamma and dbeta have extra axes of length 1.
"""


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    inv = 1 / np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    xhat = (x - x.mean(axis=axes, keepdims=True)) * inv
    dbeta = dy.sum(axis=axes, keepdims=True)
    dgamma = (dy * xhat).sum(axis=axes, keepdims=True)
    m = x.size / x.shape[-1]
    dx = gamma * inv * (dy - dbeta / m - xhat * dgamma / m)
    return dx, dgamma, dbeta
