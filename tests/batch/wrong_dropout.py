"""A submission in which `rate` is the probability to keep. `wrong_report.json` is its report."""

import numpy as np


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate")
    if not training or rate == 0:
        return x.copy(), np.ones_like(x)
    keep = rng.random(x.shape) < rate
    mask = keep.astype(x.dtype) / x.dtype.type(rate)
    return x * mask, mask


def dropout_backward(dy, mask):
    return dy * mask
