"""Based on: slices
Kind: single
Function: dropout
Mistake: The mask is made with np.ones_like(x), so for whole numbers in x the scale is cut to a whole number, in the mask and in y.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones_like(x)
    y = np.array(x)
    if training:
        off = rng.random(x.shape) < rate
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y = x * mask
    return y, mask
