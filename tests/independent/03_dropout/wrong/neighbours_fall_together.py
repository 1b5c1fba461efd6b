"""Based on: slices
Kind: odd
Function: dropout
Mistake: Half as many coins are tossed and each is used for two neighbours, to save random numbers.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    y = np.array(x, dtype=float)
    if training:
        half = (x.size + 1) // 2
        off = np.repeat(rng.random(half) < rate, 2)[: x.size].reshape(x.shape)
        mask[off] = 0
        mask[~off] = 1 / (1 - rate)
        y[off] = 0
        y[~off] /= 1 - rate
    return y, mask
