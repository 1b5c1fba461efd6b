"""Based on: slices
Kind: double
Function: batch_norm_train
Mistake: The variance is divided by N - 1; and the momentum is the share of the new value.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.empty(gamma.shape)
    new_var = np.empty(gamma.shape)
    for c in range(x.shape[-1]):
        values = x[..., c].ravel()
        mean = values.sum() / len(values)
        var = ((values - mean) ** 2).sum() / max(len(values) - 1, 1)
        y[..., c] = gamma[c] * (x[..., c] - mean) / np.sqrt(var + eps) + beta[c]
        new_mean[c] = (1 - momentum) * moving_mean[c] + momentum * mean
        new_var[c] = (1 - momentum) * moving_var[c] + momentum * var
    return y, new_mean, new_var
