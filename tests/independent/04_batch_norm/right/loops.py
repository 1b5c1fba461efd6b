import math

import numpy as np


def channel_stats(rows, c):
    m = rows.shape[0]
    total = 0.0
    for i in range(m):
        total += rows[i, c]
    mu = total / m
    total = 0.0
    for i in range(m):
        total += (rows[i, c] - mu) ** 2
    return mu, total / m


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    new_mean = np.zeros(C)
    new_var = np.zeros(C)
    for c in range(C):
        mu, var = channel_stats(rows, c)
        for i in range(rows.shape[0]):
            y[i, c] = gamma[c] * (rows[i, c] - mu) / math.sqrt(var + eps) + beta[c]
        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mu
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * var
    return y.reshape(x.shape), new_mean, new_var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    for i in range(rows.shape[0]):
        for c in range(C):
            y[i, c] = gamma[c] * (rows[i, c] - moving_mean[c]) / math.sqrt(moving_var[c] + eps) + beta[c]
    return y.reshape(x.shape)


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    drows = dy.reshape(-1, C)
    m = rows.shape[0]
    dx = np.zeros(rows.shape)
    dgamma = np.zeros(C)
    dbeta = np.zeros(C)
    for c in range(C):
        mu, var = channel_stats(rows, c)
        std = math.sqrt(var + eps)
        for i in range(m):
            dbeta[c] += drows[i, c]
            dgamma[c] += drows[i, c] * (rows[i, c] - mu) / std
        for i in range(m):
            xhat = (rows[i, c] - mu) / std
            dx[i, c] = gamma[c] / std * (drows[i, c] - dbeta[c] / m - xhat * dgamma[c] / m)
    return dx.reshape(x.shape), dgamma, dbeta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    new_w = np.zeros(w.shape)
    new_b = np.zeros(b.shape)
    for c in range(w.shape[3]):
        factor = gamma[c] / math.sqrt(moving_var[c] + eps)
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                for k in range(w.shape[2]):
                    new_w[i, j, k, c] = w[i, j, k, c] * factor
        new_b[c] = (b[c] - moving_mean[c]) * factor + beta[c]
    return new_w, new_b
