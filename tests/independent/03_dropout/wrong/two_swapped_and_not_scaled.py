"""Based on: helpers
Kind: double
Function: dropout
Mistake: The unit is on if the random number is below the rate; and the survivors are not scaled.
"""


def make_mask(shape, rate, rng):
    return (rng.random(shape) < rate).astype(float)
