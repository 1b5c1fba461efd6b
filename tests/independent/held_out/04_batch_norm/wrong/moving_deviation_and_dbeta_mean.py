"""Based on: beginner
Kind: double
Function: batch_norm_train, batch_norm_backward
Mistake: Keeps a moving average of the standard deviation in place of the variance; and dbeta is a mean.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    number_of_channels = x.shape[-1]
    y = np.zeros(x.shape)
    new_mean_list = []
    new_var_list = []
    for channel in range(number_of_channels):
        if x.ndim == 2:
            values = x[:, channel]
        else:
            values = x[:, :, :, channel].flatten()
        mean = sum(values) / len(values)
        squared_differences = []
        for value in values:
            squared_differences.append((value - mean) ** 2)
        variance = sum(squared_differences) / len(squared_differences)
        divisor = (variance + eps) ** 0.5
        if x.ndim == 2:
            y[:, channel] = gamma[channel] * ((x[:, channel] - mean) / divisor) + beta[channel]
        else:
            y[:, :, :, channel] = gamma[channel] * ((x[:, :, :, channel] - mean) / divisor) + beta[channel]
        new_mean_list.append(momentum * moving_mean[channel] + (1 - momentum) * mean)
        new_var_list.append(momentum * moving_var[channel] + (1 - momentum) * variance**0.5)
    new_mean = np.array(new_mean_list)
    new_var = np.array(new_var_list)
    return y, new_mean, new_var


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    number_of_channels = x.shape[-1]
    dx = np.zeros(x.shape)
    dgamma_list = []
    dbeta_list = []
    for channel in range(number_of_channels):
        if x.ndim == 2:
            values = x[:, channel]
            gradients = dy[:, channel]
        else:
            values = x[:, :, :, channel]
            gradients = dy[:, :, :, channel]
        number_of_values = values.size
        mean = np.sum(values) / number_of_values
        variance = np.sum((values - mean) ** 2) / number_of_values
        divisor = (variance + eps) ** 0.5
        normalised = (values - mean) / divisor
        dbeta_list.append(np.mean(gradients))
        dgamma_list.append(np.sum(gradients * normalised))
        dnormalised = gradients * gamma[channel]
        dvariance = np.sum(dnormalised * (values - mean) * (-0.5) * (variance + eps) ** (-1.5))
        dmean = np.sum(dnormalised * (-1) / divisor) + dvariance * np.sum(-2 * (values - mean)) / number_of_values
        result = dnormalised / divisor + dvariance * 2 * (values - mean) / number_of_values + dmean / number_of_values
        if x.ndim == 2:
            dx[:, channel] = result
        else:
            dx[:, :, :, channel] = result
    return dx, np.array(dgamma_list), np.array(dbeta_list)
