"""Based on: loops
Kind: single
Function: batch_norm_train
Mistake: The new moving statistics are written into the caller's arrays.
"""

import math

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    for c in range(C):
        mu, var = channel_stats(rows, c)
        for i in range(rows.shape[0]):
            y[i, c] = gamma[c] * (rows[i, c] - mu) / math.sqrt(var + eps) + beta[c]
        moving_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mu
        moving_var[c] = momentum * moving_var[c] + (1 - momentum) * var
    return y.reshape(x.shape), moving_mean, moving_var
