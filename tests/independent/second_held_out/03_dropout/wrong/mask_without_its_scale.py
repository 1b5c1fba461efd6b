"""Based on: arrays
Kind: single
Function: dropout
Mistake: y is scaled, but the mask that is returned holds only zeros and ones.
"""


def dropout(x, rate, training, rng):
    if training and (rate < 0 or rate >= 1):
        raise ValueError("rate out of range")
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = rng.binomial(1, 1 - rate, size=x.shape).astype(float)
    y = x * mask / (1 - rate)
    return y, mask
