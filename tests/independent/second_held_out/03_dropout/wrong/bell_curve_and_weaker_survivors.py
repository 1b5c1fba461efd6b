"""Based on: arrays
Kind: double
Function: dropout
Mistake: The random numbers are normal instead of uniform; and the survivors are multiplied by 1 - rate.
"""


def dropout(x, rate, training, rng):
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    if rate == 0:
        return x.copy(), np.ones_like(x, dtype=float)
    noise = rng.standard_normal(x.shape)
    mask = np.where(noise < rate, 0.0, 1.0) * (1 - rate)
    return x * mask, mask
