"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: For images the mean is taken over axis 0 only, so each pixel has its own statistics.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mu
    new_var = momentum * moving_var + (1 - momentum) * var
    return y, new_mean, new_var
