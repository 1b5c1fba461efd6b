"""Based on: loops
Kind: single
Function: dropout
Mistake: A unit is switched off if the random number is larger than the rate: only the comparison is the wrong way round.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    if training and rate > 0:
        keep_scale = 1.0 / (1.0 - rate)
        for idx in np.ndindex(x.shape):
            lucky = rng.random() < rate
            mask[idx] = keep_scale if lucky else 0.0
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        y[idx] = mask[idx] * x[idx]
    return y, mask
