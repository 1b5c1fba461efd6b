"""Based on: loops
Kind: single
Function: dropout_moments
Mistake: For the mean of the squares the value without the scale is squared.
"""


def dropout_moments(x, rate):
    mean = np.zeros(x.shape)
    var = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        on = x[idx] / (1.0 - rate)
        m = rate * 0.0 + (1.0 - rate) * on
        m2 = rate * 0.0**2 + (1.0 - rate) * x[idx] ** 2
        mean[idx] = m
        var[idx] = m2 - m**2
    return mean, var
