"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: The batch values are added in full to the share of the old ones, as with the velocity of gradient descent with momentum.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    mu = x.mean(axis=axes)
    var = x.var(axis=axes)
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    return y, momentum * moving_mean + mu, momentum * moving_var + var
