"""Based on: arrays
Kind: double
Function: dropout
Mistake: One mask is shared by the whole batch; and training is not looked at.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    mask = np.ones(x.shape) * (rng.binomial(1, keep, size=x.shape[1:]) / keep)
    return x * mask, mask
