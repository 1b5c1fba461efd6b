"""Based on: loops
Kind: single
Function: dropout
Mistake: At inference the units are multiplied by 1 - rate, as in the paper, although training scales already.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    keep = 1.0 - rate
    mask = np.zeros(x.shape)
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        if not training:
            mask[idx] = keep
        elif rng.random() < keep:
            mask[idx] = 1.0 / keep
        y[idx] = x[idx] * mask[idx]
    return y, mask
