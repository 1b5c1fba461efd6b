"""Based on: slices
Kind: single
Function: dropout
Mistake: One coin is tossed for each image, and the whole image is switched off or on.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = np.array(x, dtype=float)
    if training:
        off = np.zeros(x.shape, dtype=bool)
        off[rng.random(len(x)) < rate] = True
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y[off] = 0
        y[~off] /= 1 - rate
    return y, mask
