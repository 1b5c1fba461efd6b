"""Based on: arrays
Kind: single
Function: dropout
Mistake: The argument training is never used, so units are dropped at inference too.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    mask = rng.binomial(1, keep, size=x.shape) / keep
    return x * mask, mask
