"""Based on: slices
Kind: double
Function: batch_norm_backward
Mistake: dgamma uses x and not the normalised x, and the path over the mean is missing in dx.
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
        dbeta[c] = g.sum()
        dgamma[c] = (g * x[..., c]).sum()
        dx[..., c] = gamma[c] / std * (g - xhat * (g * xhat).mean())
    return dx, dgamma, dbeta
