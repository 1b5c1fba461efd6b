"""Based on: loops
Kind: single
Function: batch_norm_train
Mistake: The moving variance is updated with the standard deviation of the batch.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    y = np.zeros(x.shape)
    new_mean = np.zeros(C)
    new_var = np.zeros(C)
    for c in range(C):
        channel = x[..., c]
        mu = channel.mean()
        sigma = np.sqrt(((channel - mu) ** 2).mean() + 0.0)
        y[..., c] = gamma[c] * (channel - mu) / np.sqrt(sigma**2 + eps) + beta[c]
        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mu
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * sigma
    return y, new_mean, new_var
