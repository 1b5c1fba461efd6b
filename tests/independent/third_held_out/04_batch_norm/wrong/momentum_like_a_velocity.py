"""Based on: beginner
Kind: single
Function: batch_norm_train
Mistake: The whole batch statistic is added to momentum times the old one, as for a velocity.
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
        divisor = (variance + eps) ** 0.5
        if x.ndim == 2:
            y[:, channel] = gamma[channel] * ((x[:, channel] - mean) / divisor) + beta[channel]
        else:
            y[:, :, :, channel] = gamma[channel] * ((x[:, :, :, channel] - mean) / divisor) + beta[channel]
        new_mean_list.append(momentum * moving_mean[channel] + mean)
        new_var_list.append(momentum * moving_var[channel] + variance)
    new_mean = np.array(new_mean_list)
    new_var = np.array(new_var_list)
    return y, new_mean, new_var
