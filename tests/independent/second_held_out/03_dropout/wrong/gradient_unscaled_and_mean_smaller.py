"""Based on: slices
Kind: double
Function: dropout_backward, dropout_moments
Mistake: The gradient of a unit that is on passes without the scale; and the predicted mean is (1 - rate) * x.
"""


def dropout_backward(dy, mask):
    return np.where(mask > 0, dy, 0.0)


def dropout_moments(x, rate):
    # only 1 - rate of them are left on average
    mean = (1 - rate) * x
    variance = x**2 * rate / (1 - rate)
    return mean, variance
