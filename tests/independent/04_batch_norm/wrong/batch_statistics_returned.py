"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: Mean and variance of the batch are returned and not the moving ones.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        mean = channel.mean()
        var = channel.var()
        y[..., c] = (channel - mean) / np.sqrt(var + eps) * gamma[c] + beta[c]
        new_mean[c] = mean
        new_var[c] = var
    return y, new_mean, new_var
