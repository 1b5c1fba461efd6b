import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    mu, var = np.mean(x, axis=axes), np.var(x, axis=axes)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    scale = gamma / np.sqrt(moving_var + eps)
    return x * scale + (beta - moving_mean * scale)


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    m = np.prod(x.shape[:-1])
    inv = 1 / np.sqrt(x.var(axis=axes) + eps)
    xh = (x - x.mean(axis=axes)) * inv
    dbeta, dgamma = dy.sum(axis=axes), (dy * xh).sum(axis=axes)
    return gamma * inv / m * (m * dy - dbeta - xh * dgamma), dgamma, dbeta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    g = gamma * (moving_var + eps) ** -0.5
    return w * g[None, None, None, :], g * b - g * moving_mean + beta
