"""Based on: slices
Kind: single
Function: batch_norm_infer
Mistake: The moving mean is subtracted, but the variance comes from the batch.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = np.empty(x.shape)
    for c in range(x.shape[-1]):
        y[..., c] = (x[..., c] - moving_mean[c]) / np.sqrt(x[..., c].var() + eps) * gamma[c] + beta[c]
    return y
