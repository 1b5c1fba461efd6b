"""Based on: loops
Kind: single
Function: dropout_moments
Mistake: The variance is that of an unscaled unit: x^2 * rate * (1 - rate).
"""


def dropout_moments(x, rate):
    mean = np.array(x, dtype=float)
    # variance of a coin is p(1-p), and a factor goes out squared
    var = np.array(x, dtype=float) ** 2 * rate * (1 - rate)
    return mean, var
