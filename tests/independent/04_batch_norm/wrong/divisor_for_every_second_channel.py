"""Based on: beginner
Kind: odd
Function: batch_norm_infer
Mistake: To save time the divisor is computed for every second channel only and reused for the next one.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    number_of_channels = x.shape[-1]
    y = np.zeros(x.shape)
    for channel in range(number_of_channels):
        if channel % 2 == 0:
            divisor = (moving_var[channel] + eps) ** 0.5
        if x.ndim == 2:
            y[:, channel] = gamma[channel] * ((x[:, channel] - moving_mean[channel]) / divisor) + beta[channel]
        else:
            y[:, :, :, channel] = (
                gamma[channel] * ((x[:, :, :, channel] - moving_mean[channel]) / divisor) + beta[channel]
            )
    return y
