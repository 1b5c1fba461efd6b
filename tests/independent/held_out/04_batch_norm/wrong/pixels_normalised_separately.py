"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: Takes the mean and the variance over the images only: each pixel of a map gets its own.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * var
