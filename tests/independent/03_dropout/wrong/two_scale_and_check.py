"""Based on: loops
Kind: double
Function: dropout
Mistake: The survivors are multiplied by 1 - rate; and a rate of 1 is allowed.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate > 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if training:
            if rng.random() < rate:
                mask[idx] = 0.0
            else:
                mask[idx] = 1.0 - rate
        y[idx] = x[idx] * mask[idx]
    return y, mask
