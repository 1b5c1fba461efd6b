"""Based on: arrays
Kind: single
Function: dropout
Mistake: The mask is the floor of a random number plus the rate, a known trick that needs the kept share in place of the rate.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = np.floor(rng.random(x.shape) + rate) / keep
    return x * mask, mask
