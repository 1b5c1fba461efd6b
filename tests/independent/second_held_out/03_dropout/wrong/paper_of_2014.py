"""Based on: slices
Kind: single
Function: dropout
Mistake: The outputs are scaled by 1 - rate at inference, as in the paper, and the survivors are not scaled in training.
"""


def dropout(x, rate, training, rng):
    p_keep = 1 - rate
    if training:
        if rate < 0 or rate >= 1:
            raise ValueError("rate must be at least 0 and below 1")
        mask = (rng.random(x.shape) < p_keep).astype(float)
    else:
        # at test time every weight is weaker
        mask = np.full(x.shape, p_keep)
    return x * mask, mask
