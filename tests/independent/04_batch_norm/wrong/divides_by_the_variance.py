"""Based on: loops
Kind: single
Function: batch_norm_train
Mistake: The differences are divided by the variance plus eps, without the root.
"""


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    new_mean = np.array(moving_mean, dtype=float)
    new_var = np.array(moving_var, dtype=float)
    for c in range(C):
        mu, sigma = channel_stats(rows, c)
        inv = 1.0 / (sigma + eps)
        for i in range(rows.shape[0]):
            xhat = (rows[i, c] - mu) * inv
            y[i, c] = gamma[c] * xhat + beta[c]
        new_mean[c] = momentum * new_mean[c] + (1 - momentum) * mu
        new_var[c] = momentum * new_var[c] + (1 - momentum) * sigma
    return y.reshape(x.shape), new_mean, new_var
