"""Forward and backward in the small steps of a computation graph; moving statistics as rows."""

import numpy as np


def flat(x):
    return x.reshape(-1, x.shape[-1])


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    z = flat(x)
    mean = z.mean(axis=0, keepdims=True)
    centred = z - mean
    variance = (centred**2).mean(axis=0, keepdims=True)
    out = centred * (1.0 / np.sqrt(variance + eps))
    out = (out * gamma + beta).reshape(x.shape)
    return out, moving_mean * momentum + mean * (1 - momentum), moving_var * momentum + variance * (1 - momentum)


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return ((flat(x) - moving_mean) / np.sqrt(moving_var + eps) * gamma + beta).reshape(x.shape)


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    z, d = flat(x), flat(dy)
    n = len(z)
    mean = z.mean(axis=0)
    centred = z - mean
    sq = centred**2
    var = sq.mean(axis=0)
    std = np.sqrt(var + eps)
    ivar = 1 / std
    xhat = centred * ivar
    dbeta = d.sum(axis=0)
    dgamma = (d * xhat).sum(axis=0)
    dxhat = d * gamma
    divar = (dxhat * centred).sum(axis=0)
    dcentred = dxhat * ivar
    dvar = -divar / std**2 * 0.5 / std
    dcentred = dcentred + 2 * centred * np.ones_like(sq) / n * dvar
    dmean = -dcentred.sum(axis=0)
    return (dcentred + dmean / n).reshape(x.shape), dgamma, dbeta
