"""Based on: beginner
Kind: single
Function: batch_norm_infer
Mistake: The numbers are divided by the variance, without a root.
"""

import numpy as np


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    number_of_channels = x.shape[-1]
    y = np.zeros(x.shape)
    for channel in range(number_of_channels):
        divisor = moving_var[channel] + eps
        if x.ndim == 2:
            y[:, channel] = gamma[channel] * ((x[:, channel] - moving_mean[channel]) / divisor) + beta[channel]
        else:
            y[:, :, :, channel] = (
                gamma[channel] * ((x[:, :, :, channel] - moving_mean[channel]) / divisor) + beta[channel]
            )
    return y
