"""Based on: arrays
Kind: single
Function: dropout_moments
Mistake: The variance has (1 - rate) / rate in place of rate / (1 - rate).
"""


def dropout_moments(x, rate):
    return x * 1.0, np.square(x) * (1.0 - rate) / max(rate, 1e-12)
