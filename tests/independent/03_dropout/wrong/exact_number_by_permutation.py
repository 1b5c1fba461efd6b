"""Based on: arrays
Kind: single
Function: dropout
Mistake: The mask is a shuffled list with a fixed number of zeros, because a rate of 0.25 is read as exactly a quarter.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    off = int(rate * x.size)
    mask = rng.permutation(np.r_[np.zeros(off), np.ones(x.size - off)]).reshape(x.shape) / keep
    return x * mask, mask
