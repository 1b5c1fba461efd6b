"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: Updates the moving statistics of the caller in place.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = moving_mean
    new_var = moving_var
    for c in range(x.shape[-1]):
        channel = x[..., c]
        mean = channel.mean()
        var = channel.var()
        y[..., c] = (channel - mean) / np.sqrt(var + eps) * gamma[c] + beta[c]
        new_mean[c] += (1 - momentum) * (mean - new_mean[c])
        new_var[c] += (1 - momentum) * (var - new_var[c])
    return y, new_mean, new_var
