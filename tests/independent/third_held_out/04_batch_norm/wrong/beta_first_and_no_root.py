"""Based on: loops
Kind: double
Function: batch_norm_infer, fold_bn_into_conv
Mistake: At inference beta is added before gamma scales, and the folding divides by the variance without a root.
"""

import math

import numpy as np


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    for i in range(rows.shape[0]):
        for c in range(C):
            xhat = (rows[i, c] - moving_mean[c]) / math.sqrt(moving_var[c] + eps)
            y[i, c] = gamma[c] * (xhat + beta[c])
    return y.reshape(x.shape)


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    new_w = np.zeros(w.shape)
    new_b = np.zeros(b.shape)
    for c in range(w.shape[3]):
        factor = gamma[c] / (moving_var[c] + eps)
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                for k in range(w.shape[2]):
                    new_w[i, j, k, c] = w[i, j, k, c] * factor
        new_b[c] = (b[c] - moving_mean[c]) * factor + beta[c]
    return new_w, new_b
