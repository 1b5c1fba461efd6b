"""Based on: arrays
Kind: single
Function: dropout
Mistake: One mask with the shape of a single image is drawn and broadcast over the batch.
"""


def dropout(x, rate, training, rng):
    keep = 1.0 - rate
    if not 0.0 < keep <= 1.0:
        raise ValueError(rate)
    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    unit_mask = rng.binomial(1, keep, size=x.shape[1:]) / keep
    mask = np.broadcast_to(unit_mask, x.shape).copy()
    return x * mask, mask
