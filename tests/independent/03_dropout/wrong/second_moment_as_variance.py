"""Based on: slices
Kind: single
Function: dropout_moments
Mistake: The mean of the squares is returned as the variance; the square of the mean is not subtracted.
"""


def dropout_moments(x, rate):
    mean = np.array(x, dtype=float)
    second = x**2 / (1 - rate)
    return mean, second
