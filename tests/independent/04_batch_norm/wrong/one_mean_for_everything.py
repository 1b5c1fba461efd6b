"""Based on: arrays
Kind: single
Function: batch_norm_train
Mistake: Mean and variance are taken over the whole array, so all channels share them.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mu = x.mean()
    var = x.var()
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    return y, momentum * moving_mean + (1 - momentum) * mu, momentum * moving_var + (1 - momentum) * var
