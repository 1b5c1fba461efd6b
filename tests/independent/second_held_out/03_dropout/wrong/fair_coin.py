"""Based on: beginner
Kind: single
Function: dropout
Mistake: The coin is fair whatever the rate is: rng.integers(0, 2).
"""


def dropout(x, rate, training, rng):
    if not training:
        return x.copy(), np.ones(x.shape)
    if rate < 0 or rate >= 1:
        raise ValueError("rate has to be in [0, 1)")
    if rate == 0:
        return x.copy(), np.ones(x.shape)
    # toss a coin for every unit: 0 = off, 1 = on
    coins = rng.integers(0, 2, size=x.shape)
    mask = coins / (1 - rate)
    return x * mask, mask
