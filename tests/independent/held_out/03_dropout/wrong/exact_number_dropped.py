"""Based on: loops
Kind: single
Function: dropout
Mistake: Draws a fixed number of units to switch off, where each unit should have its own coin.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    if training:
        flat = np.full(x.size, 1.0 / (1.0 - rate))
        how_many = int(rate * x.size)
        for k in rng.choice(x.size, how_many, replace=False):
            flat[k] = 0.0
        mask = flat.reshape(x.shape)
    return x * mask, mask
