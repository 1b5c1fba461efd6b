"""Based on: loops
Kind: single
Function: dropout
Mistake: Takes the rate for the probability that a unit stays on (the survivors are scaled as if it were not).
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() >= rate:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 / (1.0 - rate)
        y[idx] = x[idx] * mask[idx]
    return y, mask
