"""Based on: helpers
Kind: single
Function: dropout
Mistake: A generator with seed 0 is made inside the function, so that results can be repeated; every call drops the same units.
"""


def make_mask(shape, rate, rng):
    rng = np.random.default_rng(0)
    return Coin(rate, rng).toss(shape) * scale_of(rate)
