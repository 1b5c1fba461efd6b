"""Batch normalisation on whole arrays, one formula per result, for patches to change."""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Normalise over all axes but the last."""
    axes = tuple(range(x.ndim - 1))
    mean = np.mean(x, axis=axes)
    var = np.var(x, axis=axes)
    x_hat = (x - mean) / np.sqrt(var + eps)
    y = gamma * x_hat + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    new_var = momentum * moving_var + (1 - momentum) * var
    return y, new_mean, new_var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Normalise by the moving statistics."""
    mean, var = moving_mean, moving_var
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """Use the closed formula for dx."""
    axes = tuple(range(x.ndim - 1))
    M = np.prod(x.shape[:-1])
    mean = np.mean(x, axis=axes)
    var = np.var(x, axis=axes)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    dgamma = np.sum(dy * x_hat, axis=axes)
    dbeta = np.sum(dy, axis=axes)
    dx = gamma / (M * std) * (M * dy - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Scale all filters at once."""
    scale = gamma / np.sqrt(moving_var + eps)
    new_w = w * scale
    new_b = (b - moving_mean) * scale + beta
    return new_w, new_b
