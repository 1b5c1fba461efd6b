"""Based on: slices
Kind: single
Function: dropout
Mistake: Switches units off, but the others do not speak up.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = np.array(x, dtype=float)
    if training:
        off = rng.random(x.shape) < rate
        mask[off] = 0
        y[off] = 0
    return y, mask
