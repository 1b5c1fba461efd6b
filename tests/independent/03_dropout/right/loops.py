import numpy as np


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() < rate:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 / (1.0 - rate)
        y[idx] = x[idx] * mask[idx]
    return y, mask


def dropout_backward(dy, mask):
    dx = np.zeros(dy.shape)
    for idx in np.ndindex(dy.shape):
        dx[idx] = dy[idx] * mask[idx]
    return dx


def dropout_moments(x, rate):
    mean = np.zeros(x.shape)
    var = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        on = x[idx] / (1.0 - rate)
        m = rate * 0.0 + (1.0 - rate) * on
        m2 = rate * 0.0**2 + (1.0 - rate) * on**2
        mean[idx] = m
        var[idx] = m2 - m**2
    return mean, var
