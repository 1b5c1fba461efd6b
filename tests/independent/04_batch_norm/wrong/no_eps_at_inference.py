"""Based on: loops
Kind: single
Function: batch_norm_infer
Mistake: eps is left out at inference, since the moving variance is never 0.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    for i in range(rows.shape[0]):
        for c in range(C):
            y[i, c] = gamma[c] * (rows[i, c] - moving_mean[c]) / math.sqrt(moving_var[c]) + beta[c]
    return y.reshape(x.shape)
