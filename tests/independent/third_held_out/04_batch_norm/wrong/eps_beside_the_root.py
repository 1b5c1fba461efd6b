"""Based on: beginner
Kind: single
Function: batch_norm_train
Mistake: Epsilon is added to the standard deviation and not to the variance.
"""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    number_of_channels = x.shape[-1]
    y = np.zeros(x.shape)
    new_mean_list = []
    new_var_list = []
    for channel in range(number_of_channels):
        if x.ndim == 2:
            values = x[:, channel]
        else:
            values = x[:, :, :, channel].flatten()
        mean = sum(values) / len(values)
        squared_differences = []
        for value in values:
            squared_differences.append((value - mean) ** 2)
        variance = sum(squared_differences) / len(squared_differences)
        divisor = variance**0.5 + eps
        if x.ndim == 2:
            y[:, channel] = gamma[channel] * ((x[:, channel] - mean) / divisor) + beta[channel]
        else:
            y[:, :, :, channel] = gamma[channel] * ((x[:, :, :, channel] - mean) / divisor) + beta[channel]
        new_mean_list.append(momentum * moving_mean[channel] + (1 - momentum) * mean)
        new_var_list.append(momentum * moving_var[channel] + (1 - momentum) * variance)
    new_mean = np.array(new_mean_list)
    new_var = np.array(new_var_list)
    return y, new_mean, new_var
