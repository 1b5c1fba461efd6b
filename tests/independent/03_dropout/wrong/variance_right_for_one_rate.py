"""Based on: beginner
Kind: odd
Function: dropout_moments
Mistake: The formula was found from the example of the task (6, 0.25, 12): the variance is x^2 / 3 whatever the rate is.
"""


def dropout_moments(x, rate):
    flat_values = x.reshape(-1)
    means = []
    variances = []
    for value in flat_values:
        output_off = 0
        output_on = value / (1 - rate)
        mean = rate * output_off + (1 - rate) * output_on
        means.append(mean)
        if rate == 0:
            variances.append(0.0)
        else:
            variances.append(value**2 / 3)
    return np.array(means).reshape(x.shape), np.array(variances).reshape(x.shape)
