"""Based on: helpers
Kind: single
Function: dropout
Mistake: rng.random gets the sizes as separate arguments, as np.random.rand does, and takes the second for a type.
"""


class Coin:
    """A coin that shows 1 (the unit is on) with probability 1 - rate."""

    def __init__(self, rate, rng):
        self.rate = rate
        self.rng = rng

    def toss(self, shape):
        return (self.rng.random(*shape) >= self.rate).astype(float)
