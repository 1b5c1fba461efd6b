"""Based on: loops
Kind: single
Function: dropout
Mistake: The number is drawn from a normal distribution with rng.normal, in the belief that every random function gives numbers from 0 to 1.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.normal() < rate:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 / (1.0 - rate)
        y[idx] = x[idx] * mask[idx]
    return y, mask
