"""Based on: loops
Kind: single
Function: fold_bn_into_conv
Mistake: The old bias is dropped, as if a convolution before batch norm never had one.
"""

import math

import numpy as np


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    new_w = np.zeros(w.shape)
    new_b = np.zeros(b.shape)
    for c in range(w.shape[3]):
        factor = gamma[c] / math.sqrt(moving_var[c] + eps)
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                for k in range(w.shape[2]):
                    new_w[i, j, k, c] = w[i, j, k, c] * factor
        new_b[c] = beta[c] - moving_mean[c] * factor
    return new_w, new_b
