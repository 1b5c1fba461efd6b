"""Based on: helpers
Kind: single
Function: dropout_moments
Mistake: The moments are estimated from 2000 draws and not computed, so they are only nearly right.
"""


def dropout_moments(x, rate):
    rng = np.random.default_rng(0)
    draws = np.array([apply_mask(x, make_mask(x.shape, rate, rng)) for _ in range(2000)])
    return draws.mean(axis=0), draws.var(axis=0)
