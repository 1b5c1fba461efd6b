"""Based on: slices
Kind: single
Function: dropout
Mistake: The units are set to 0 in x itself, because y = x is taken for a copy.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = x
    if training:
        off = rng.random(x.shape) < rate
        mask = np.where(off, 0, 1 / (1 - rate))
        y[off] = 0
        y = y / (1 - rate)
    return y, mask
