"""Based on: helpers
Kind: single
Function: dropout
Mistake: Tosses the coins for one image and uses them for the whole batch.
"""


def make_mask(shape, rate, rng):
    one = Coin(rate, rng).toss(shape[1:]) * scale_of(rate)
    return np.ones(shape) * one
