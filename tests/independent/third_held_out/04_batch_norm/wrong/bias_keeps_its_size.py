"""Based on: arrays
Kind: single
Function: fold_bn_into_conv
Mistake: The old bias is not multiplied by the factor of its channel.
"""

import numpy as np


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    a = gamma / np.sqrt(moving_var + eps)
    return np.einsum("ijkc,c->ijkc", w, a), b - a * moving_mean + beta
