"""Based on: helpers
Kind: single
Function: dropout_moments
Mistake: The standard deviation is returned in place of the variance.
"""


def dropout_moments(x, rate):
    outcomes = [0 * x, scale_of(rate) * x]
    chances = [rate, 1 - rate]
    mean = expectation(outcomes, chances)
    variance = expectation([(v - mean) ** 2 for v in outcomes], chances)
    return mean, np.sqrt(variance)
