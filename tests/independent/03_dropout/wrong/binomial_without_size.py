"""Based on: arrays
Kind: single
Function: dropout
Mistake: rng.binomial is called without a size, so one coin decides about all units.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = np.full(x.shape, rng.binomial(1, keep) / keep)
    return x * mask, mask
