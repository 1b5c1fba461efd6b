"""Based on: helpers
Kind: single
Function: dropout_moments
Mistake: Averages over all units of x, where each unit has its own mean and variance.
"""


def dropout_moments(x, rate):
    outcomes = [0 * x, scale_of(rate) * x]
    chances = [rate, 1 - rate]
    mean = expectation(outcomes, chances)
    variance = expectation([(v - mean) ** 2 for v in outcomes], chances)
    return np.full(x.shape, np.mean(mean)), np.full(x.shape, np.mean(variance))
