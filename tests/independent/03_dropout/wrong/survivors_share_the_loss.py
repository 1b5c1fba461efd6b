"""Based on: arrays
Kind: odd
Function: dropout
Mistake: What the silent units had is divided equally among the survivors and added to them, so that the sum of the array stays exactly the same.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    on = rng.binomial(1, keep, size=x.shape)
    lost = (x * (1 - on)).sum()
    y = on * (x + lost / max(on.sum(), 1))
    return y, on / keep
