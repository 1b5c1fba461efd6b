"""Based on: loops
Kind: double
Function: batch_norm_infer
Mistake: The mean of the batch is subtracted; and the root of the variance is not taken.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    for c in range(C):
        mu, _ = channel_stats(rows, c)
        for i in range(rows.shape[0]):
            y[i, c] = gamma[c] * (rows[i, c] - mu) / (moving_var[c] + eps) + beta[c]
    return y.reshape(x.shape)
