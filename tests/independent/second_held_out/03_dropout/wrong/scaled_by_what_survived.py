"""Based on: helpers
Kind: single
Function: dropout
Mistake: The survivors are scaled by the share that survived in this draw, not by 1 - rate.
"""


def dropout(x, rate, training, rng):
    if not training:
        return x.copy(), np.ones(x.shape)
    check_rate(rate)
    on = Coin(rate, rng).toss(x.shape)
    alive = on.mean()
    # if all died there is nothing to scale
    mask = on / alive if alive > 0 else on
    return apply_mask(x, mask), mask
