"""Batch normalisation with plain loops over columns and rows, for patches to change."""

import math

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Normalise each column by its own mean and standard deviation."""
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    M = len(rows)
    y = np.zeros(rows.shape)
    new_mean, new_var = np.zeros(C), np.zeros(C)
    for c in range(C):
        total = 0.0
        for m in range(M):
            total += rows[m, c]
        mean = total / M
        squares = 0.0
        for m in range(M):
            squares += (rows[m, c] - mean) ** 2
        var = squares / M
        std = math.sqrt(var + eps)
        for m in range(M):
            x_hat = (rows[m, c] - mean) / std
            y[m, c] = gamma[c] * x_hat + beta[c]
        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mean
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * var
    return y.reshape(x.shape), new_mean, new_var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Normalise each column by the moving statistics."""
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    M = len(rows)
    y = np.zeros(rows.shape)
    for c in range(C):
        mean, var = moving_mean[c], moving_var[c]
        std = math.sqrt(var + eps)
        for m in range(M):
            x_hat = (rows[m, c] - mean) / std
            y[m, c] = gamma[c] * x_hat + beta[c]
    return y.reshape(x.shape)


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """Add up the three paths for each column."""
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    d_rows = dy.reshape(-1, C)
    M = len(rows)
    dx = np.zeros(rows.shape)
    dgamma, dbeta = np.zeros(C), np.zeros(C)
    for c in range(C):
        mean = sum(rows[m, c] for m in range(M)) / M
        var = sum((rows[m, c] - mean) ** 2 for m in range(M)) / M
        std = math.sqrt(var + eps)
        d_mean, d_var = 0.0, 0.0
        for m in range(M):
            x_hat = (rows[m, c] - mean) / std
            dgamma[c] += d_rows[m, c] * x_hat
            dbeta[c] += d_rows[m, c]
            d_x_hat = d_rows[m, c] * gamma[c]
            d_mean += d_x_hat * -1 / std
            d_var += d_x_hat * (rows[m, c] - mean) * -0.5 / std**3
        for m in range(M):
            d_x_hat = d_rows[m, c] * gamma[c]
            direct = d_x_hat / std
            through_var = d_var * 2 * (rows[m, c] - mean) / M
            through_mean = d_mean / M
            dx[m, c] = direct + through_var + through_mean
    return dx.reshape(x.shape), dgamma, dbeta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Scale each filter and its bias."""
    new_w, new_b = np.zeros(w.shape), np.zeros(b.shape)
    for f in range(w.shape[3]):
        std = math.sqrt(moving_var[f] + eps)
        scale = gamma[f] / std
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                for c in range(w.shape[2]):
                    new_w[i, j, c, f] = w[i, j, c, f] * scale
        new_b[f] = (b[f] - moving_mean[f]) * scale + beta[f]
    return new_w, new_b
