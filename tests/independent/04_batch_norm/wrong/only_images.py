"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: The axes are always (0, 1, 2), so a table with two axes cannot be normalised.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = (0, 1, 2)
    mu = x.mean(axis=axes)
    var = x.var(axis=axes)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * var
