"""Based on: helpers
Kind: single
Function: dropout
Mistake: A wrong rate is clipped into the range and not refused.
"""


def check_rate(rate):
    return min(max(rate, 0.0), 0.999)


def dropout(x, rate, training, rng):
    rate = check_rate(rate)
    mask = make_mask(x.shape, rate, rng) if training else np.ones(x.shape)
    return apply_mask(x, mask), mask
