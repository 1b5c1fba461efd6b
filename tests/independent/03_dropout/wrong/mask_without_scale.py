"""Based on: helpers
Kind: single
Function: dropout
Mistake: y is scaled, but the mask that is returned holds only zeros and ones.
"""


def dropout(x, rate, training, rng):
    check_rate(rate)
    if not training:
        return x * 1.0, np.ones(x.shape)
    mask = Coin(rate, rng).toss(x.shape)
    return apply_mask(x, mask) * scale_of(rate), mask
