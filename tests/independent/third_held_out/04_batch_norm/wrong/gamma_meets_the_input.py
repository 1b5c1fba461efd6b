"""Based on: arrays
Kind: single
Function: batch_norm_backward
Mistake: dgamma sums dy times x and not dy times the normalised x.
"""

import numpy as np


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    m = x.size // x.shape[-1]
    inv = 1 / np.sqrt(x.var(axis=axes) + eps)
    xhat = (x - x.mean(axis=axes)) * inv
    dbeta = dy.sum(axis=axes)
    dgamma = np.sum(dy * x, axis=axes)
    dx = gamma * inv / m * (m * dy - dbeta - xhat * np.sum(dy * xhat, axis=axes))
    return dx, dgamma, dbeta
