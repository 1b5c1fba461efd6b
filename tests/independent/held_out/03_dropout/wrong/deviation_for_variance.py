"""Based on: arrays
Kind: single
Function: dropout_moments
Mistake: Returns the standard deviation.
"""


def dropout_moments(x, rate):
    return x * 1.0, np.abs(x) * np.sqrt(rate / (1.0 - rate))
