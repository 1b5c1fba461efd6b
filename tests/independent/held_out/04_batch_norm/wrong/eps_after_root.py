"""Based on: loops
Kind: single
Function: batch_norm_train
Mistake: Adds eps to the standard deviation, not to the variance.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    new_mean = np.zeros(C)
    new_var = np.zeros(C)
    for c in range(C):
        mu, var = channel_stats(rows, c)
        for i in range(rows.shape[0]):
            y[i, c] = gamma[c] * (rows[i, c] - mu) / (math.sqrt(var) + eps) + beta[c]
        new_mean[c] = momentum * moving_mean[c] + (1 - momentum) * mu
        new_var[c] = momentum * moving_var[c] + (1 - momentum) * var
    return y.reshape(x.shape), new_mean, new_var
