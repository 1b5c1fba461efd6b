"""Based on: slices
Kind: single
Function: dropout
Mistake: For images one coin is tossed for each pixel and used for all its channels.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = np.array(x, dtype=float)
    if training:
        if x.ndim == 4:
            off = np.repeat(rng.random(x.shape[:3] + (1,)) < rate, x.shape[3], axis=3)
        else:
            off = rng.random(x.shape) < rate
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y[off] = 0
        y[~off] /= 1 - rate
    return y, mask
