"""Based on: arrays
Kind: single
Function: dropout
Mistake: The mask is computed as y / x, which is not a number where x is 0.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    y = np.where(rng.random(x.shape) < keep, x / keep, 0.0)
    return y, y / x
