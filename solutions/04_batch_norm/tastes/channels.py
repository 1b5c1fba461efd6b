"""Batch normalisation with one slice per channel, for patches to change."""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Normalise all numbers of a channel at once."""
    C = x.shape[-1]
    y = np.zeros(x.shape)
    new_mean, new_var = np.zeros(C), np.zeros(C)
    for c in range(C):
        values = x[..., c]
        mean = values.mean()
        var = values.var()
        x_hat = (values - mean) / np.sqrt(var + eps)
        y[..., c] = gamma[c] * x_hat + beta[c]
        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mean
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * var
    return y, new_mean, new_var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Normalise each channel by its moving statistics."""
    C = x.shape[-1]
    y = np.zeros(x.shape)
    for c in range(C):
        values = x[..., c]
        x_hat = (values - moving_mean[c]) / np.sqrt(moving_var[c] + eps)
        y[..., c] = gamma[c] * x_hat + beta[c]
    return y


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """Use the closed formula for each channel."""
    C = x.shape[-1]
    dx = np.zeros(x.shape)
    dgamma, dbeta = np.zeros(C), np.zeros(C)
    for c in range(C):
        values, g = x[..., c], dy[..., c]
        std = np.sqrt(values.var() + eps)
        x_hat = (values - values.mean()) / std
        dgamma[c] = np.sum(g * x_hat)
        dbeta[c] = np.sum(g)
        dx[..., c] = gamma[c] / std * (g - g.mean() - x_hat * np.mean(g * x_hat))
    return dx, dgamma, dbeta
