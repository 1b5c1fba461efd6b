"""Based on: slices
Kind: double
Function: batch_norm_train
Mistake: The variance is divided by N - 1; and the momentum is the share of the new value.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        mean = channel.mean()
        var = channel.var(ddof=1) if channel.size > 1 else 0.0
        y[..., c] = (channel - mean) / np.sqrt(var + eps) * gamma[c] + beta[c]
        new_mean[c] += momentum * (mean - new_mean[c])
        new_var[c] += momentum * (var - new_var[c])
    return y, new_mean, new_var
