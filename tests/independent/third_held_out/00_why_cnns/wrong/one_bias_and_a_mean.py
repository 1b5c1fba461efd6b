"""Based on: helpers
Kind: double
Function: conv_params, equivariance_gap
Mistake: All filters of a convolution share one bias, and the gap is the mean of the absolute differences.
"""

import numpy as np


def conv_params(kernel_size, c_in, c_out, bias=True):
    kh, kw = as_pair(kernel_size)
    weights = c_out * weights_per_unit(kh * kw * c_in, False)
    return weights + 1 if bias else weights


def mean_difference(a, b):
    return float(np.mean(np.abs(np.asarray(a, dtype=float) - np.asarray(b, dtype=float))))


def equivariance_gap(f, x, dy, dx):
    return mean_difference(f(shift2d(x, dy, dx)), shift2d(f(x), dy, dx))
