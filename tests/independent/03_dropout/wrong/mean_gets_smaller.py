"""Based on: loops
Kind: single
Function: dropout_moments
Mistake: The mean is x * (1 - rate): the scale of the survivors is forgotten in the mean (but not in the variance).
"""


def dropout_moments(x, rate):
    mean = np.zeros(x.shape)
    var = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        mean[idx] = (1.0 - rate) * x[idx]
        var[idx] = x[idx] ** 2 * rate / (1.0 - rate)
    return mean, var
