"""Based on: slices
Kind: single
Function: batch_norm_backward
Mistake: Only the direct path counts in dx, as if mean and variance were constants.
"""

import numpy as np


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        centred = x[..., c] - x[..., c].mean()
        std = np.sqrt((centred**2).mean() + eps)
        dbeta[c] = dy[..., c].sum()
        dgamma[c] = (dy[..., c] * centred / std).sum()
        dx[..., c] = dy[..., c] * gamma[c] / std
    return dx, dgamma, dbeta
