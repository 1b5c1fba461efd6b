"""Based on: arrays
Kind: single
Function: dropout
Mistake: The rate is taken for the probability of staying on, in the draw and in the scale, as in the first versions of TensorFlow (keep_prob).
"""


def dropout(x, rate, training, rng):
    if not 0.0 <= rate < 1.0:
        raise ValueError(rate)
    if not training or rate == 0:
        return x.copy(), np.ones_like(x, dtype=float)
    mask = rng.binomial(1, rate, size=x.shape) / rate
    return x * mask, mask
