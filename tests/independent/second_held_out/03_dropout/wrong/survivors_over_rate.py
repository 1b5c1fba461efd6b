"""Based on: slices
Kind: single
Function: dropout
Mistake: The survivors are divided by the rate and not by 1 - rate.
"""


def dropout(x, rate, training, rng):
    mask = np.ones_like(x, dtype=float)
    if not training:
        return x, mask
    if rate < 0.0 or rate >= 1.0:
        raise ValueError("rate")
    if rate > 0:
        mask[rng.random(x.shape) < rate] = 0.0
        mask /= rate
    return x * mask, mask
