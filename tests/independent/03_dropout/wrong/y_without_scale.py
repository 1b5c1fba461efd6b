"""Based on: loops
Kind: single
Function: dropout
Mistake: The mask has the scale, but y is copied from x where the unit is on, without it.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.zeros(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        on = not training or rng.random() >= rate
        if on:
            y[idx] = x[idx]
            mask[idx] = 1.0 / (1.0 - rate) if training else 1.0
    return y, mask
