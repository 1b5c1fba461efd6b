"""Based on: helpers
Kind: single
Function: dropout
Mistake: The rate is never checked, so a rate of -0.1 gives a mask and a rate of 1 gives a division by zero or not a number.
"""


def dropout(x, rate, training, rng):
    mask = make_mask(x.shape, rate, rng) if training else np.ones(x.shape)
    return apply_mask(x, mask), mask
