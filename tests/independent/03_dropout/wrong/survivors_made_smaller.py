"""Based on: helpers
Kind: single
Function: dropout
Mistake: The survivors are multiplied by 1 - rate and not divided by it: the formula of the paper for inference, used in training.
"""


def keep_factor(rate):
    return 1 - rate


def make_mask(shape, rate, rng):
    return Coin(rate, rng).toss(shape) * keep_factor(rate)
