"""Based on: arrays
Kind: single
Function: dropout
Mistake: rng.binomial(1, rate) is used for the mask: a 1 then means dropped, but it is used as on.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.binomial(1, rate, size=x.shape) / keep
    return x * mask, mask
