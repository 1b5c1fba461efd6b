"""Based on: arrays
Kind: single
Function: dropout
Mistake: As many coins are tossed as the last axis is long, and broadcasting uses them for every row and every image.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    coins = rng.random(x.shape[-1:]) < keep
    mask = np.ones(x.shape) * coins / keep
    return x * mask, mask
