"""Based on: beginner
Kind: single
Function: dropout_moments
Mistake: Only the case of a unit that is on is counted: it is not weighted with its probability, neither in the mean nor in the square.
"""


def dropout_moments(x, rate):
    flat_values = x.reshape(-1)
    means = []
    variances = []
    for value in flat_values:
        output_off = 0
        output_on = value / (1 - rate)
        mean = value
        mean_of_square = output_on**2
        means.append(mean)
        variances.append(mean_of_square - mean**2)
    return np.array(means).reshape(x.shape), np.array(variances).reshape(x.shape)
