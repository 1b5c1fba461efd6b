"""Based on: loops
Kind: single
Function: dropout
Mistake: The mask has the scale, but y is copied from x where the unit is on, without it.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() < rate:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 / (1.0 - rate)
        if mask[idx] != 0:
            y[idx] = x[idx]
    return y, mask
