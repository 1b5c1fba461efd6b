"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: eps is added to the standard deviation, outside the root.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    ax = (0,) if x.ndim == 2 else (0, 1, 2)
    mean = np.mean(x, axis=ax)
    std = np.std(x, axis=ax)
    xhat = (x - mean) / (std + eps)
    y = gamma * xhat + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    new_var = momentum * moving_var + (1 - momentum) * std**2
    return y, new_mean, new_var
