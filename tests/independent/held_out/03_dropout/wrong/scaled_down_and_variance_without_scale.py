"""Based on: arrays
Kind: double
Function: dropout, dropout_moments
Mistake: Multiplies the survivors by the share kept, where it should divide; and the variance is that of a coin without the scale.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.binomial(1, keep, size=x.shape) * keep
    return x * mask, mask


def dropout_moments(x, rate):
    return x * 1.0, np.square(x) * rate * (1.0 - rate)
