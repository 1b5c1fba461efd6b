"""Based on: helpers
Kind: double
Function: batch_norm_train, fold_bn_into_conv
Mistake: One mean and variance of the whole array serve all channels, and folding subtracts the moving mean unscaled.
"""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mean = np.mean(x)
    var = np.var(x)
    y = scale_and_shift(normalise(x, mean, var, eps), gamma, beta)
    return y, blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    factor = factor_of(gamma, moving_var, eps)
    return w * factor, scale_and_shift(b, factor, beta) - moving_mean
