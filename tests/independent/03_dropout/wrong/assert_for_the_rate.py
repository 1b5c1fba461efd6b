"""Based on: arrays
Kind: single
Function: dropout
Mistake: The rate is checked with assert, which raises AssertionError and not ValueError.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    assert 0.0 < keep <= 1.0, "bad rate"
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.binomial(1, keep, size=x.shape) / keep
    return x * mask, mask
