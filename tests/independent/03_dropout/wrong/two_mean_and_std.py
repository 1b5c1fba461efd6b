"""Based on: slices
Kind: double
Function: dropout_moments
Mistake: The mean is multiplied by 1 - rate; and the standard deviation is returned in place of the variance.
"""


def dropout_moments(x, rate):
    mean = (1 - rate) * x
    std = np.abs(x) * np.sqrt(rate / (1 - rate))
    return mean, std
