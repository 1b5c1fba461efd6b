"""Based on: loops
Kind: single
Function: dropout
Mistake: A unit that is off is not 0 but a thousandth of its value, so that its gradient does not die.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() < rate:
                mask[idx] = 0.001
            else:
                mask[idx] = 1.0 / (1.0 - rate)
        y[idx] = x[idx] * mask[idx]
    return y, mask
