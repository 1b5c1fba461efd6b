"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: The moving statistics are multiplied and added to in place with *= and +=.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    mu = x.mean(axis=axes)
    var = x.var(axis=axes)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    moving_mean *= momentum
    moving_mean += (1 - momentum) * mu
    moving_var *= momentum
    moving_var += (1 - momentum) * var
    return y, moving_mean, moving_var
