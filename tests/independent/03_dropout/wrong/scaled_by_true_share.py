"""Based on: arrays
Kind: single
Function: dropout
Mistake: The survivors are divided by the share that happened to be kept in this draw, so that the sum is exactly right.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    on = rng.binomial(1, keep, size=x.shape)
    mask = on / max(on.mean(), 1e-9)
    return x * mask, mask
