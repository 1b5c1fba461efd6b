"""Based on: loops
Kind: single
Function: batch_norm_backward
Mistake: The path over the variance is missing in dx.
"""

import math

import numpy as np


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    drows = dy.reshape(-1, C)
    m = rows.shape[0]
    dx = np.zeros(rows.shape)
    dgamma = np.zeros(C)
    dbeta = np.zeros(C)
    for c in range(C):
        mu, var = channel_stats(rows, c)
        std = math.sqrt(var + eps)
        for i in range(m):
            dbeta[c] += drows[i, c]
            dgamma[c] += drows[i, c] * (rows[i, c] - mu) / std
        for i in range(m):
            dx[i, c] = gamma[c] / std * (drows[i, c] - dbeta[c] / m)
    return dx.reshape(x.shape), dgamma, dbeta
