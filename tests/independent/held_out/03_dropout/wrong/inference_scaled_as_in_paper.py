"""Based on: helpers
Kind: single
Function: dropout
Mistake: Scales at inference as in the paper, although training has scaled already.
"""


def dropout(x, rate, training, rng):
    check_rate(rate)
    mask = make_mask(x.shape, rate, rng) if training else np.ones(x.shape) * (1 - rate)
    return apply_mask(x, mask), mask
