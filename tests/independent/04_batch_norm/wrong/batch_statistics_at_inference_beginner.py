"""Based on: beginner
Kind: single
Function: batch_norm_infer
Mistake: The code of the training is copied and only the update of the moving statistics is taken out.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    number_of_channels = x.shape[-1]
    y = np.zeros(x.shape)
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
    return y
