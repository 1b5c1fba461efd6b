"""Based on: arrays
Kind: single
Function: dropout_moments
Mistake: E[y^2] is returned as the variance; the square of the mean is not subtracted.
"""


def dropout_moments(x, rate):
    mean = x * 1.0
    variance = (1 - rate) * np.square(x / (1 - rate))
    return mean, variance
