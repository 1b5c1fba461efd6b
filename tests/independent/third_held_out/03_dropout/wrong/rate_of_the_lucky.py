"""Based on: helpers
Kind: single
Function: dropout
Mistake: The rate is taken as the probability that a unit stays on.
"""


def make_mask(shape, rate, rng):
    on = (rng.random(shape) < rate).astype(float)
    return on * scale_of(rate)
