"""Based on: slices
Kind: single
Function: dropout
Mistake: The mask is the array of booleans (True for on); the scale is applied to y only.
"""


def dropout(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError(f"rate {rate} is not in [0, 1)")
    if not training:
        return x.copy(), np.ones(x.shape, dtype=bool)
    on = rng.random(x.shape) >= rate
    y = np.where(on, x / (1 - rate), 0)
    return y, on
