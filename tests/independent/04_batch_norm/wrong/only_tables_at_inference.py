"""Based on: beginner
Kind: single
Function: batch_norm_infer
Mistake: The function expects two axes, so the channels of images are searched on axis 1.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    number_of_examples = x.shape[0]
    number_of_channels = x.shape[1]
    y = np.zeros(x.shape)
    for example in range(number_of_examples):
        for channel in range(number_of_channels):
            difference = x[example, channel] - moving_mean[channel]
            divisor = (moving_var[channel] + eps) ** 0.5
            y[example, channel] = gamma[channel] * (difference / divisor) + beta[channel]
    return y
