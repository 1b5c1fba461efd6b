"""Based on: beginner
Kind: double
Function: batch_norm_backward
Mistake: The path through the variance is missing in dx; and the number of values is the number of images.
"""


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
        number_of_values = x.shape[0]
        mean = np.mean(values)
        variance = np.var(values)
        divisor = (variance + eps) ** 0.5
        normalised = (values - mean) / divisor
        dbeta_list.append(np.sum(gradients))
        dgamma_list.append(np.sum(gradients * normalised))
        dnormalised = gradients * gamma[channel]
        dmean = np.sum(dnormalised * (-1) / divisor)
        result = dnormalised / divisor + dmean / number_of_values
        if x.ndim == 2:
            dx[:, channel] = result
        else:
            dx[:, :, :, channel] = result
    return dx, np.array(dgamma_list), np.array(dbeta_list)
