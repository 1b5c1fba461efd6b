"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: Beta is added before gamma scales, so beta is scaled as well.
"""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    mu = x.mean(axis=axes)
    var = x.var(axis=axes)
    y = gamma * ((x - mu) / np.sqrt(var + eps) + beta)
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * var
