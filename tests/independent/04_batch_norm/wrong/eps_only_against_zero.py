"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: eps is used only where the variance is 0, because its only purpose is to avoid a division by 0.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        mean = channel.mean()
        var = channel.var()
        std = np.sqrt(var) if var > 0 else np.sqrt(eps)
        y[..., c] = (channel - mean) / std * gamma[c] + beta[c]
        new_mean[c] += (1 - momentum) * (mean - new_mean[c])
        new_var[c] += (1 - momentum) * (var - new_var[c])
    return y, new_mean, new_var
