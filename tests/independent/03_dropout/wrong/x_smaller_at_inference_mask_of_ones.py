"""Based on: arrays
Kind: single
Function: dropout
Mistake: At inference x * (1 - rate) is returned, with a mask of ones, to make up for the units that are on again.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return keep * x, np.ones_like(x, dtype=float)
    mask = rng.binomial(1, keep, size=x.shape) / keep
    return x * mask, mask
