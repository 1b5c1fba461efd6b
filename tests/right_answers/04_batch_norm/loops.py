"""Channel after channel, in plain Python where possible."""

import math

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y, means, variances = np.zeros(x.shape), [], []
    for c in range(x.shape[-1]):
        values = x[..., c].ravel().tolist()
        mean = sum(values) / len(values)
        var = sum((v - mean) ** 2 for v in values) / len(values)
        y[..., c] = gamma[c] * (x[..., c] - mean) / math.sqrt(var + eps) + beta[c]
        means.append(momentum * moving_mean[c] + (1 - momentum) * mean)
        variances.append(momentum * moving_var[c] + (1 - momentum) * var)
    return y, means, variances


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    normal = (x - moving_mean) / np.sqrt(moving_var + eps)
    return normal * gamma + beta


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """The matrix of all derivatives of one channel, and a product with it."""
    dx = np.zeros(x.shape)
    dgamma, dbeta = np.zeros(x.shape[-1]), np.zeros(x.shape[-1])
    for c in range(x.shape[-1]):
        v, d = x[..., c].ravel(), dy[..., c].ravel()
        m = len(v)
        s = math.sqrt(v.var() + eps)
        h = (v - v.mean()) / s
        jacobian = gamma[c] / s * (np.eye(m) - 1 / m - np.outer(h, h) / m)
        dx[..., c] = (jacobian.T @ d).reshape(x.shape[:-1])
        dgamma[c], dbeta[c] = d @ h, d.sum()
    return dx, dgamma, dbeta
