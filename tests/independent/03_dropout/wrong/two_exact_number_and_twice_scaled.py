"""Based on: arrays
Kind: double
Function: dropout
Mistake: Exactly the share rate is dropped; and y is scaled a second time.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = np.full(x.size, 1 / keep)
    mask[rng.permutation(x.size)[: round(rate * x.size)]] = 0
    mask = mask.reshape(x.shape)
    return x * mask / keep, mask
