"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: eps is added to the standard deviation, after the root.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.empty(gamma.shape)
    new_var = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        mean, std = x[..., c].mean(), x[..., c].std()
        y[..., c] = gamma[c] * (x[..., c] - mean) / (std + eps) + beta[c]
        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mean
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * std**2
    return y, new_mean, new_var
