"""Based on: beginner
Kind: single
Function: dropout
Mistake: `x *= mask` writes into the caller's array.
"""


def dropout(x, rate, training, rng):
    if not training:
        return x, np.ones(x.shape)
    if rate < 0:
        raise ValueError("rate is negative")
    if rate >= 1:
        raise ValueError("rate is too big, nothing would be left")
    mask = rng.random(x.shape)
    mask = (mask >= rate).astype(float)  # 1 stays, 0 goes
    mask = mask / (1 - rate)
    x *= mask
    return x, mask
