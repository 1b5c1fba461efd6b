"""Based on: arrays
Kind: single
Function: dropout
Mistake: Only y is returned in training, as a Keras layer does.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.binomial(1, keep, size=x.shape) / keep
    return x * mask
