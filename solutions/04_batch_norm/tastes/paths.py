"""Batch normalisation in the notation of the paper: one sum per path back to x, for patches to change."""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Normalise tables over the rows, and images over rows, columns and examples."""
    if x.ndim == 2:
        mean = x.mean(axis=0)
        var = x.var(axis=0)
    else:
        mean = x.mean(axis=(0, 1, 2))
        var = x.var(axis=(0, 1, 2))
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    y = x_hat * gamma + beta
    new_mean = moving_mean - (1 - momentum) * (moving_mean - mean)
    new_var = moving_var - (1 - momentum) * (moving_var - var)
    return y, new_mean, new_var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Use a scale and a shift that are fixed after training."""
    scale = gamma / np.sqrt(moving_var + eps)
    shift = beta - scale * moving_mean
    return scale * x + shift


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """Compute the gradients of the variance and the mean, then that of x."""
    axes = (0,) if x.ndim == 2 else (0, 1, 2)
    m = x.size // x.shape[-1]
    mean = x.mean(axis=axes)
    var = x.var(axis=axes)
    x_hat = (x - mean) * (var + eps) ** -0.5
    d_x_hat = dy * gamma
    d_var = np.sum(d_x_hat * (x - mean) * -0.5 * (var + eps) ** -1.5, axis=axes)
    d_mean = np.sum(d_x_hat * -1 * (var + eps) ** -0.5, axis=axes) + d_var * np.mean(-2 * (x - mean), axis=axes)
    dx = d_x_hat * (var + eps) ** -0.5 + d_var * 2 * (x - mean) / m + d_mean / m
    dgamma = np.sum(dy * x_hat, axis=axes)
    dbeta = np.sum(dy, axis=axes)
    return dx, dgamma, dbeta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Use a scale and a shift that are fixed after training."""
    scale = gamma / np.sqrt(moving_var + eps)
    shift = beta - scale * moving_mean
    new_w = w * scale
    new_b = scale * b + shift
    return new_w, new_b
