"""Based on: slices
Kind: single
Function: dropout
Mistake: At inference None is returned in place of the mask, because nothing was masked.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    if not training:
        return x, None
    mask = np.full(x.shape, 1 / (1 - rate))
    mask[rng.random(x.shape) < rate] = 0
    return x * mask, mask
