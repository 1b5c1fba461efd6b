"""Moments by einsum; PyTorch's unbiased variance in the memory."""

import numpy as np


def moments(x):
    rows = x.reshape(-1, x.shape[-1])
    m = len(rows)
    mean = np.einsum("mc->c", rows) / m
    c = rows - mean
    return m, mean, np.einsum("mc,mc->c", c, c) / m


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    m, mean, var = moments(x)
    y = np.einsum("...c,c->...c", x - mean, gamma / np.sqrt(var + eps)) + beta
    keep = momentum
    return y, keep * moving_mean + (1 - keep) * mean, keep * moving_var + (1 - keep) * var * m / (m - 1)


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = np.empty_like(x)
    for c in range(x.shape[-1]):
        y[..., c] = gamma[c] * (x[..., c] - moving_mean[c]) / (moving_var[c] + eps) ** 0.5 + beta[c]
    return y


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    m, mean, var = moments(x)
    s = np.sqrt(var + eps)
    h = (x - mean) / s
    rows = dy.reshape(-1, x.shape[-1])
    dbeta = np.einsum("mc->c", rows)
    dgamma = np.einsum("mc,mc->c", rows, h.reshape(rows.shape))
    return (gamma / s) * (dy - dbeta / m - h * (dgamma / m)), dgamma, dbeta
