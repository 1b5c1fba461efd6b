"""Based on: slices
Kind: double
Function: dropout
Mistake: A generator with a fixed seed is made inside; and the mask is returned as booleans without the scale.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    if not training:
        return x.copy(), np.ones(x.shape)
    rng = np.random.default_rng(42)
    on = rng.random(x.shape) > rate
    y = np.zeros(x.shape)
    y[on] = x[on] / (1 - rate)
    return y, on
