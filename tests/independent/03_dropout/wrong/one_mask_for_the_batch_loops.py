"""Based on: loops
Kind: single
Function: dropout
Mistake: The mask is drawn for the first image and copied to the others, since units belong to the layer and not to an image.
"""


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    mask = np.ones(x.shape)
    if training and x.ndim > 0:
        for idx in np.ndindex(x.shape[1:]):
            if rng.random() < rate:
                value = 0.0
            else:
                value = 1.0 / (1.0 - rate)
            for n in range(x.shape[0]):
                mask[(n, *idx)] = value
    y = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        y[idx] = x[idx] * mask[idx]
    return y, mask
