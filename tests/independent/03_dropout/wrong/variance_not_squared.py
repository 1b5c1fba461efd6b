"""Based on: arrays
Kind: single
Function: dropout_moments
Mistake: x is not squared in the variance.
"""


def dropout_moments(x, rate):
    return x * 1.0, np.abs(x) * rate / (1.0 - rate)
