"""Based on: beginner
Kind: double
Function: dropout
Mistake: A unit is kept with probability rate and scaled by 1 / rate; and the mask is applied at inference too.
"""


def dropout(x, rate, training, rng):
    if training and (rate < 0 or rate >= 1):
        raise ValueError("rate")
    if rate <= 0 or rate >= 1:
        return x.copy(), np.ones(x.shape)
    keep = rng.random(x.shape) < rate
    mask = keep / rate
    return x * mask, mask
