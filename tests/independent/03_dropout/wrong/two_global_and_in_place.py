"""Based on: slices
Kind: double
Function: dropout
Mistake: np.random is used in place of rng; and x is written into.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    if training:
        off = np.random.random(x.shape) < rate
        mask[~off] = 1 / (1 - rate)
        mask[off] = 0
        x[off] = 0
        return x / (1 - rate), mask
    return x.copy(), mask
