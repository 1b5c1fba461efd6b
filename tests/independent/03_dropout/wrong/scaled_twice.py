"""Based on: arrays
Kind: single
Function: dropout
Mistake: The mask is divided by the kept share, and y is divided by it once more.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = (rng.random(x.shape) < keep) / keep
    y = x * mask
    return y / keep, mask
