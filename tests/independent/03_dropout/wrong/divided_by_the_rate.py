"""Based on: arrays
Kind: single
Function: dropout
Mistake: The survivors are divided by the rate, the number the function is given, and not by the share that is kept.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.binomial(1, keep, size=x.shape) / (rate or 1)
    return x * mask, mask
