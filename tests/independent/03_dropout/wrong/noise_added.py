"""Based on: slices
Kind: single
Function: dropout
Mistake: Each unit is multiplied by a normal number with mean 1 and the variance of dropout (Gaussian dropout): no unit is really off.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    mask = np.ones(x.shape)
    if training:
        mask = rng.normal(1, np.sqrt(rate / (1 - rate)), size=x.shape)
    return x * mask, mask
