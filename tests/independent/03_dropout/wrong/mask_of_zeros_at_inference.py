"""Based on: helpers
Kind: single
Function: dropout
Mistake: At inference the mask is full of zeros: no unit is dropped, so nothing is marked.
"""


def dropout(x, rate, training, rng):
    check_rate(rate)
    if training:
        mask = make_mask(x.shape, rate, rng)
        return apply_mask(x, mask), mask
    return x, np.zeros(x.shape)
