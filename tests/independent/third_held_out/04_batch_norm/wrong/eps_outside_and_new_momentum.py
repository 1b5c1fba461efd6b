"""Based on: arrays
Kind: double
Function: batch_norm_train
Mistake: Epsilon is added after the root, and the momentum is the share of the new batch.
"""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    mu = x.mean(axis=axes)
    var = x.var(axis=axes)
    y = gamma * (x - mu) / (np.sqrt(var) + eps) + beta
    return y, (1 - momentum) * moving_mean + momentum * mu, (1 - momentum) * moving_var + momentum * var
