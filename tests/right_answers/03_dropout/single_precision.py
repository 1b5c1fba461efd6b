import numpy as np


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate outside [0, 1)")
    x = x.astype(np.float32)
    if not training:
        return x, np.ones_like(x)
    off = rng.random(x.shape, dtype=np.float32) < np.float32(rate)
    mask = np.where(off, np.float32(0), np.float32(1 / (1 - rate)))
    return x * mask, mask


def dropout_backward(dy, mask):
    return dy.astype(np.float32) * mask.astype(np.float32)


def dropout_moments(x, rate):
    return [x.tolist(), (x * x * (rate / (1 - rate))).tolist()]
