"""Batch normalisation step by step, as a computation graph on a table, for patches to change."""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Go forward through the graph, one operation per line."""
    C = x.shape[-1]
    table = x.reshape(-1, C)
    M = table.shape[0]
    mu = np.sum(table, axis=0) / M
    xmu = table - mu
    sq = xmu**2
    var = np.sum(sq, axis=0) / M
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    out = gammax + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mu
    new_var = momentum * moving_var + (1 - momentum) * var
    return out.reshape(x.shape), new_mean, new_var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Go forward with the moving statistics, one operation per line."""
    mu, var = moving_mean, moving_var
    xmu = x - mu
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    return gammax + beta


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """Go back through the graph, one operation per line."""
    C = x.shape[-1]
    table = x.reshape(-1, C)
    dout = dy.reshape(-1, C)
    M = table.shape[0]
    mu = np.sum(table, axis=0) / M
    xmu = table - mu
    var = np.sum(xmu**2, axis=0) / M
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    dvar = 0.5 / np.sqrt(var + eps) * dsqrtvar
    dsq = np.ones(table.shape) * dvar / M
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = np.ones(table.shape) * dmu / M
    dx = dx1 + dx2
    return dx.reshape(x.shape), dgamma, dbeta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Fold the moving statistics first, then gamma and beta."""
    sqrtvar = np.sqrt(moving_var + eps)
    ivar = 1.0 / sqrtvar
    scale = gamma * ivar
    new_w = w * scale
    new_b = (b - moving_mean) * scale + beta
    return new_w, new_b
