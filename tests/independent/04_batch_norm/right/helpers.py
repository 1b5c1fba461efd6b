import numpy as np


def to_rows(a):
    """Each pixel of each image becomes an example: (M, C)."""
    return a.reshape(-1, a.shape[-1])


def mean_of(rows):
    return rows.sum(axis=0) / len(rows)


def variance_of(rows):
    return mean_of((rows - mean_of(rows)) ** 2)


def normalise(rows, mean, var, eps):
    return (rows - mean) / np.sqrt(var + eps)


def scale_and_shift(rows, gamma, beta):
    return rows * gamma + beta


def blend(old, new, momentum):
    return momentum * old + (1 - momentum) * new


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    rows = to_rows(x)
    mean = mean_of(rows)
    var = variance_of(rows)
    y = scale_and_shift(normalise(rows, mean, var, eps), gamma, beta)
    return y.reshape(x.shape), blend(moving_mean, mean, momentum), blend(moving_var, var, momentum)


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return scale_and_shift(normalise(x, moving_mean, moving_var, eps), gamma, beta)


def direct_path(dxhat, std):
    return dxhat / std


def variance_path(dxhat, centred, std):
    dvar = (dxhat * centred).sum(axis=0) * -0.5 / std**3
    return dvar * 2 * centred / len(centred)


def mean_path(dxhat, std):
    dmean = -(dxhat / std).sum(axis=0)
    return np.ones(dxhat.shape) * dmean / len(dxhat)


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    rows = to_rows(x)
    grads = to_rows(dy)
    centred = rows - mean_of(rows)
    std = np.sqrt(variance_of(rows) + eps)
    dbeta = grads.sum(axis=0)
    dgamma = (grads * centred / std).sum(axis=0)
    dxhat = grads * gamma
    dx = direct_path(dxhat, std) + variance_path(dxhat, centred, std) + mean_path(dxhat, std)
    return dx.reshape(x.shape), dgamma, dbeta


def factor_of(gamma, var, eps):
    return gamma / np.sqrt(var + eps)


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    factor = factor_of(gamma, moving_var, eps)
    return w * factor, scale_and_shift(b - moving_mean, factor, beta)
