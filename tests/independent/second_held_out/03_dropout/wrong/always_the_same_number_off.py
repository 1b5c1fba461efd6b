"""Based on: helpers
Kind: single
Function: dropout
Mistake: Exactly round(rate * size) units are switched off each time, so the units are not independent.
"""


def dropout(x, rate, training, rng):
    if training:
        check_rate(rate)
        n_off = int(round(rate * x.size))
        mask = np.full(x.size, scale_of(rate))
        # pick the unlucky ones
        off = rng.choice(x.size, size=n_off, replace=False)
        mask[off] = 0
        mask = mask.reshape(x.shape)
    else:
        mask = np.ones(x.shape)
    return apply_mask(x, mask), mask
