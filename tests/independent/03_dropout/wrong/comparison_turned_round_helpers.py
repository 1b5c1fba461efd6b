"""Based on: helpers
Kind: single
Function: dropout
Mistake: The coin shows 1 if the number is below the rate, since success is thought of as a hit below the probability.
"""


class Coin:
    """A coin that shows 1 (the unit is on) with probability 1 - rate."""

    def __init__(self, rate, rng):
        self.rate = rate
        self.rng = rng

    def toss(self, shape):
        return (self.rng.random(shape) < self.rate).astype(float)
