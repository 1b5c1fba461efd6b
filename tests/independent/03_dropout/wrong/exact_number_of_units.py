"""Based on: slices
Kind: single
Function: dropout
Mistake: Exactly the share rate of the units is dropped: their places are drawn without replacement, so the coins are not independent.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = np.array(x, dtype=float)
    if training:
        number = round(rate * x.size)
        off = np.zeros(x.size, dtype=bool)
        off[rng.choice(x.size, size=number, replace=False)] = True
        off = off.reshape(x.shape)
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y[off] = 0
        y[~off] /= 1 - rate
    return y, mask
