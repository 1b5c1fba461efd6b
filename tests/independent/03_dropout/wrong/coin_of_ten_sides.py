"""Based on: helpers
Kind: odd
Function: dropout
Mistake: The coin is a die with ten sides, of which the rounded number 10 * rate means off; a rate of 0.25 becomes 0.2.
"""


class Coin:
    """A die with ten sides."""

    def __init__(self, rate, rng):
        self.sides_off = round(10 * rate)
        self.rng = rng

    def toss(self, shape):
        return (self.rng.integers(0, 10, size=shape) >= self.sides_off).astype(float)
