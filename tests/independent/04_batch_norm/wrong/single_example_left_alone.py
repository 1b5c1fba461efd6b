"""Based on: beginner
Kind: single
Function: batch_norm_infer
Mistake: A batch with a single example is only scaled and shifted, since a single number has no mean and no variance.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    number_of_channels = x.shape[-1]
    y = np.zeros(x.shape)
    if x.shape[0] == 1:
        return gamma * x + beta
    for channel in range(number_of_channels):
        divisor = (moving_var[channel] + eps) ** 0.5
        if x.ndim == 2:
            y[:, channel] = gamma[channel] * ((x[:, channel] - moving_mean[channel]) / divisor) + beta[channel]
        else:
            y[:, :, :, channel] = (
                gamma[channel] * ((x[:, :, :, channel] - moving_mean[channel]) / divisor) + beta[channel]
            )
    return y
