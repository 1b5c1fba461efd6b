"""Based on: arrays
Kind: single
Function: batch_norm_infer
Mistake: Inference normalises by the mean and variance of the batch that it is given.
"""

import numpy as np


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    return gamma * (x - x.mean(axis=axes)) / np.sqrt(x.var(axis=axes) + eps) + beta
