"""Based on: helpers
Kind: single
Function: dropout
Mistake: The mask is drawn once for y and once more for the result, so the mask that is returned is not the one that was used.
"""


def dropout(x, rate, training, rng):
    check_rate(rate)
    if not training:
        return x, np.ones(x.shape)
    y = apply_mask(x, make_mask(x.shape, rate, rng))
    return y, make_mask(x.shape, rate, rng)
