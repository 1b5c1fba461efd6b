"""Based on: slices
Kind: odd
Function: batch_norm_train
Mistake: The normalised values are cut off at -2 and 2, so that nothing may become too large.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        mean = channel.mean()
        var = channel.var()
        y[..., c] = np.clip((channel - mean) / np.sqrt(var + eps), -2, 2) * gamma[c] + beta[c]
        new_mean[c] += (1 - momentum) * (mean - new_mean[c])
        new_var[c] += (1 - momentum) * (var - new_var[c])
    return y, new_mean, new_var
