"""Based on: helpers
Kind: single
Function: dropout_moments
Mistake: The outcome 0 gets the probability 1 - rate and the other outcome the rate.
"""


def dropout_moments(x, rate):
    outcomes = [0 * x, scale_of(rate) * x]
    chances = [1 - rate, rate]
    mean = expectation(outcomes, chances)
    variance = expectation([(v - mean) ** 2 for v in outcomes], chances)
    return mean, variance
