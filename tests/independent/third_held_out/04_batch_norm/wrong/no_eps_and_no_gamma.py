"""Based on: beginner
Kind: double
Function: batch_norm_infer, batch_norm_backward
Mistake: Epsilon is left out at inference, and dx is computed without gamma.
"""

import numpy as np


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    number_of_channels = x.shape[-1]
    y = np.zeros(x.shape)
    for channel in range(number_of_channels):
        divisor = moving_var[channel] ** 0.5
        if x.ndim == 2:
            y[:, channel] = gamma[channel] * ((x[:, channel] - moving_mean[channel]) / divisor) + beta[channel]
        else:
            y[:, :, :, channel] = (
                gamma[channel] * ((x[:, :, :, channel] - moving_mean[channel]) / divisor) + beta[channel]
            )
    return y


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    number_of_channels = x.shape[-1]
    dx = np.zeros(x.shape)
    dgamma_list = []
    dbeta_list = []
    for channel in range(number_of_channels):
        if x.ndim == 2:
            values = x[:, channel]
            gradients = dy[:, channel]
        else:
            values = x[:, :, :, channel]
            gradients = dy[:, :, :, channel]
        number_of_values = values.size
        mean = np.sum(values) / number_of_values
        variance = np.sum((values - mean) ** 2) / number_of_values
        divisor = (variance + eps) ** 0.5
        normalised = (values - mean) / divisor
        dbeta_list.append(np.sum(gradients))
        dgamma_list.append(np.sum(gradients * normalised))
        dnormalised = gradients
        dvariance = np.sum(dnormalised * (values - mean) * (-0.5) * (variance + eps) ** (-1.5))
        dmean = np.sum(dnormalised * (-1) / divisor) + dvariance * np.sum(-2 * (values - mean)) / number_of_values
        result = dnormalised / divisor + dvariance * 2 * (values - mean) / number_of_values + dmean / number_of_values
        if x.ndim == 2:
            dx[:, channel] = result
        else:
            dx[:, :, :, channel] = result
    return dx, np.array(dgamma_list), np.array(dbeta_list)
