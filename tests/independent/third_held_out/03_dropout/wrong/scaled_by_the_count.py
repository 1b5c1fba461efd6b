"""Based on: helpers
Kind: single
Function: dropout
Mistake: The survivors are divided by the share that happened to be kept this time and not by 1 - rate.
"""


def make_mask(shape, rate, rng):
    on = Coin(rate, rng).toss(shape)
    share_kept = on.mean()
    return on / share_kept if share_kept > 0 else on
