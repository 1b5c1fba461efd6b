"""Based on: slices
Kind: single
Function: batch_norm_train
Mistake: Normalises by the updated moving statistics instead of those of the batch.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    y = np.empty(x.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        new_mean[c] += (1 - momentum) * (channel.mean() - new_mean[c])
        new_var[c] += (1 - momentum) * (channel.var() - new_var[c])
        y[..., c] = (channel - new_mean[c]) / np.sqrt(new_var[c] + eps) * gamma[c] + beta[c]
    return y, new_mean, new_var
