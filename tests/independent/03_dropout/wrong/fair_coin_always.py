"""Based on: arrays
Kind: single
Function: dropout
Mistake: A fair coin is tossed with rng.integers(0, 2), whatever the rate is: only the scale uses the rate.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.integers(0, 2, size=x.shape) / keep if rate > 0 else np.ones(x.shape)
    return x * mask, mask
