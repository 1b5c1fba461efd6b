"""Based on: arrays
Kind: single
Function: dropout
Mistake: Takes the random numbers from np.random and ignores rng.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = np.random.binomial(1, keep, size=x.shape) / keep
    return x * mask, mask
