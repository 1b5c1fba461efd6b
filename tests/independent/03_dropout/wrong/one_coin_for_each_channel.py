"""Based on: helpers
Kind: single
Function: dropout
Mistake: For maps one coin is tossed for each channel, so whole maps are dropped, which is another method.
"""


def make_mask(shape, rate, rng):
    if len(shape) == 4:
        coins = Coin(rate, rng).toss((shape[0], 1, 1, shape[3]))
        return np.ones(shape) * coins * scale_of(rate)
    return Coin(rate, rng).toss(shape) * scale_of(rate)
