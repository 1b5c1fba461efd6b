"""Based on: beginner
Kind: single
Function: dropout_moments
Mistake: Returns the mean of the squares as the variance: the square of the mean is not subtracted.
"""


def dropout_moments(x, rate):
    flat_values = x.reshape(-1)
    means = []
    variances = []
    for value in flat_values:
        output_off = 0
        output_on = value / (1 - rate)
        mean = rate * output_off + (1 - rate) * output_on
        mean_of_square = rate * output_off**2 + (1 - rate) * output_on**2
        means.append(mean)
        variances.append(mean_of_square)
    return np.array(means).reshape(x.shape), np.array(variances).reshape(x.shape)
