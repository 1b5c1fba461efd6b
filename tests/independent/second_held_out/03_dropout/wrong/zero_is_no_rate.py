"""Based on: loops
Kind: single
Function: dropout
Mistake: A rate of 0 raises ValueError, though it is valid and drops nothing.
"""


def dropout(x, rate, training, rng):
    if not training:
        return x.copy(), np.ones(x.shape)
    if rate <= 0 or rate >= 1:
        raise ValueError("rate must be between 0 and 1")
    mask = (rng.random(x.shape) > rate) / (1 - rate)
    return x * mask, mask
