"""Based on: arrays
Kind: single
Function: dropout_moments
Mistake: The variance is x^2 rate (1 - rate), that of a coin without the scale of the survivors.
"""


def dropout_moments(x, rate):
    return x * 1.0, np.square(x) * rate * (1.0 - rate)
