"""Based on: slices
Kind: single
Function: dropout_moments
Mistake: The mean and the variance of all numbers of x are returned, and not those of each unit.
"""


def dropout_moments(x, rate):
    mean = np.full(x.shape, x.mean())
    second = (x**2).mean() / (1 - rate)
    return mean, np.full(x.shape, second) - mean**2
