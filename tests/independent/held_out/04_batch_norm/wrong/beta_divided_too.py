"""Based on: loops
Kind: single
Function: batch_norm_infer
Mistake: A parenthesis in the wrong place: beta is divided by the standard deviation as well.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    C = x.shape[-1]
    rows = x.reshape(-1, C)
    y = np.zeros(rows.shape)
    for i in range(rows.shape[0]):
        for c in range(C):
            y[i, c] = (gamma[c] * (rows[i, c] - moving_mean[c]) + beta[c]) / math.sqrt(moving_var[c] + eps)
    return y.reshape(x.shape)
