"""Based on: beginner
Kind: single
Function: dropout
Mistake: A new generator with a fixed seed replaces the caller's, so the mask is the same in each call.
"""


def dropout(x, rate, training, rng):
    rng = np.random.default_rng(42)  # so that I can reproduce it
    if not training:
        return x.copy(), np.ones(x.shape)
    if rate < 0 or rate >= 1:
        raise ValueError("wrong rate")
    r = rng.random(x.shape)
    mask = np.where(r < rate, 0, 1 / (1 - rate))
    return x * mask, mask
