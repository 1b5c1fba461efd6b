"""Based on: beginner
Kind: double
Function: batch_norm_train
Mistake: The momentum is the share of the new batch; and all channels share one variance.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    axes = (0, 1, 2) if len(x.shape) == 4 else 0
    mean = np.mean(x, axis=axes)
    centered = x - mean
    var = np.mean(centered**2)
    y = centered / np.sqrt(var + eps)
    y = y * gamma + beta
    new_mean = (1 - momentum) * moving_mean + momentum * mean
    new_var = (1 - momentum) * moving_var + momentum * var
    return y, new_mean, new_var
