import numpy as np


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError
    flat = x.reshape(-1).tolist()
    ys, masks = [], []
    for value in flat:
        if training and rng.random() < rate:
            m = 0.0
        elif training:
            m = 1 / (1 - rate)
        else:
            m = 1.0
        ys.append(value * m)
        masks.append(m)
    return np.array(ys).reshape(x.shape), np.array(masks).reshape(x.shape)


def dropout_backward(dy, mask):
    out = np.empty(dy.shape)
    for i in np.ndindex(*dy.shape):
        out[i] = dy[i] * mask[i]
    return out


def dropout_moments(x, rate):
    mean, variance = np.empty(x.shape), np.empty(x.shape)
    for i in np.ndindex(*x.shape):
        on = x[i] / (1 - rate)
        mean[i] = (1 - rate) * on
        variance[i] = rate * (0 - mean[i]) ** 2 + (1 - rate) * (on - mean[i]) ** 2
    return mean, variance
