"""Based on: arrays
Kind: double
Function: batch_norm_train
Mistake: Mean and variance are taken over the whole array; and the moving statistics are changed in place.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    mu, var = x.mean(), x.var()
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    moving_mean[:] = momentum * moving_mean + (1 - momentum) * mu
    moving_var[:] = momentum * moving_var + (1 - momentum) * var
    return y, moving_mean, moving_var
