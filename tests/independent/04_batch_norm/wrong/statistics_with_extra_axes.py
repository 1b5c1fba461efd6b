"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: keepdims is used for the broadcasting, so the new statistics have the shape (1, C) or (1, 1, 1, C).
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    mu = x.mean(axis=axes, keepdims=True)
    var = x.var(axis=axes, keepdims=True)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * var
