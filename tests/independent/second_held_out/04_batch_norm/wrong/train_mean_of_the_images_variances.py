"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: The variance of a channel is the mean of the variances within each image, which leaves out how the images differ.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    if x.ndim == 4:
        # first inside every image, then over the images
        mu = x.mean(axis=(1, 2)).mean(axis=0)
        var = x.var(axis=(1, 2)).mean(axis=0)
    else:
        mu = x.mean(axis=0)
        var = x.var(axis=0)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    new_mean = moving_mean * momentum + mu * (1 - momentum)
    new_var = moving_var * momentum + var * (1 - momentum)
    return y, new_mean, new_var
