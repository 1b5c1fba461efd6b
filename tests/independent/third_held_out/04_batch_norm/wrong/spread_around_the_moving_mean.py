"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: The variance for the moving average is measured around the new moving mean and not around the batch mean.
"""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        mean = channel.mean()
        var = channel.var()
        y[..., c] = (channel - mean) / np.sqrt(var + eps) * gamma[c] + beta[c]
        new_mean[c] += (1 - momentum) * (mean - new_mean[c])
        spread = ((channel - new_mean[c]) ** 2).mean()
        new_var[c] += (1 - momentum) * (spread - new_var[c])
    return y, new_mean, new_var
