"""Based on: loops
Kind: single
Function: dropout
Mistake: A new generator without a seed is made inside the function, and the generator of the caller is not used.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    rng = np.random.default_rng()
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() < rate:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 / (1.0 - rate)
        y[idx] = x[idx] * mask[idx]
    return y, mask
