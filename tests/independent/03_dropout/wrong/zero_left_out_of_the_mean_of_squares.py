"""Based on: beginner
Kind: single
Function: dropout_moments
Mistake: The mean of the squares counts only the case of a unit that is on, without its probability.
"""


def dropout_moments(x, rate):
    flat_values = x.reshape(-1)
    means = []
    variances = []
    for value in flat_values:
        output_off = 0
        output_on = value / (1 - rate)
        mean = rate * output_off + (1 - rate) * output_on
        mean_of_square = output_on**2
        means.append(mean)
        variances.append(mean_of_square - mean**2)
    return np.array(means).reshape(x.shape), np.array(variances).reshape(x.shape)
