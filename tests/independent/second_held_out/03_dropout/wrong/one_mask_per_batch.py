"""Based on: arrays
Kind: single
Function: dropout
Mistake: All examples of a batch share the mask that was drawn for one.
"""


def dropout(x, rate, training, rng):
    class Switches:
        """One switch for each unit of the layer."""

        def __init__(self, units):
            self.on = rng.random(units) >= rate
            self.volume = 1.0 / (1.0 - rate)

        def for_batch(self, shape):
            return np.zeros(shape) + self.on * self.volume

    if not training:
        return x.copy(), np.ones_like(x, dtype=float)
    if not (0 <= rate < 1):
        raise ValueError("rate must be in [0, 1)")
    # first axis is the batch, the units are the rest
    units = x.shape[1:] if x.ndim > 1 else x.shape
    mask = Switches(units).for_batch(x.shape)
    return x * mask, mask
