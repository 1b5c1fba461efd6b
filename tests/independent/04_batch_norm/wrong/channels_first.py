"""Based on: beginner
Kind: single
Function: batch_norm_train
Mistake: For images the second axis is taken for the channels, as in PyTorch.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    number_of_channels = len(gamma)
    y = np.zeros(x.shape)
    new_mean_list = []
    new_var_list = []
    for channel in range(number_of_channels):
        values = x[:, channel].flatten()
        mean = sum(values) / len(values)
        squared_differences = []
        for value in values:
            squared_differences.append((value - mean) ** 2)
        variance = sum(squared_differences) / len(squared_differences)
        divisor = (variance + eps) ** 0.5
        y[:, channel] = gamma[channel] * ((x[:, channel] - mean) / divisor) + beta[channel]
        new_mean_list.append(momentum * moving_mean[channel] + (1 - momentum) * mean)
        new_var_list.append(momentum * moving_var[channel] + (1 - momentum) * variance)
    return y, np.array(new_mean_list), np.array(new_var_list)
