"""Based on: slices
Kind: single
Function: batch_norm_backward
Mistake: dbeta is the mean of dy and not its sum.
"""

import numpy as np


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        g = dy[..., c]
        centred = x[..., c] - x[..., c].mean()
        std = np.sqrt((centred**2).mean() + eps)
        xhat = centred / std
        dbeta[c] = g.mean()
        dgamma[c] = (g * xhat).sum()
        dx[..., c] = gamma[c] / std * (g - g.mean() - xhat * (g * xhat).mean())
    return dx, dgamma, dbeta
