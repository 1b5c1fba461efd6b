"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: The moving statistics are updated with mean and variance of the normalised values, which are always 0 and 1.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    x = (x - x.mean(axis=axes)) / np.sqrt(x.var(axis=axes) + eps)
    y = gamma * x + beta
    new_mean = momentum * moving_mean + (1 - momentum) * x.mean(axis=axes)
    new_var = momentum * moving_var + (1 - momentum) * x.var(axis=axes)
    return y, new_mean, new_var
