import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        mean = channel.mean()
        var = channel.var()
        y[..., c] = (channel - mean) / np.sqrt(var + eps) * gamma[c] + beta[c]
        new_mean[c] += (1 - momentum) * (mean - new_mean[c])
        new_var[c] += (1 - momentum) * (var - new_var[c])
    return y, new_mean, new_var


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = np.empty(x.shape)
    for c in range(x.shape[-1]):
        y[..., c] = (x[..., c] - moving_mean[c]) / np.sqrt(moving_var[c] + eps) * gamma[c] + beta[c]
    return y


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    dx = np.empty(x.shape)
    dgamma = np.empty(gamma.shape)
    dbeta = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        g = dy[..., c]
        centred = x[..., c] - x[..., c].mean()
        std = np.sqrt((centred**2).mean() + eps)
        xhat = centred / std
        dbeta[c] = g.sum()
        dgamma[c] = (g * xhat).sum()
        dx[..., c] = gamma[c] / std * (g - g.mean() - xhat * (g * xhat).mean())
    return dx, dgamma, dbeta


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    new_w = np.empty(w.shape)
    new_b = np.empty(b.shape)
    for c in range(w.shape[-1]):
        std = np.sqrt(moving_var[c] + eps)
        new_w[..., c] = w[..., c] * gamma[c] / std
        new_b[c] = (b[c] - moving_mean[c]) * gamma[c] / std + beta[c]
    return new_w, new_b
