"""Based on: slices
Kind: odd
Function: dropout
Mistake: The units with the smallest absolute values are dropped, since they matter least; no random number is drawn.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = np.array(x, dtype=float)
    if training:
        off = np.abs(x) < np.quantile(np.abs(x), rate)
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y[off] = 0
        y[~off] /= 1 - rate
    return y, mask
