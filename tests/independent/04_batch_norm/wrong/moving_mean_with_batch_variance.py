"""Based on: slices
Kind: single
Function: batch_norm_infer
Mistake: The moving mean is subtracted, but the variance comes from the batch.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = np.empty(x.shape)
    for c in range(x.shape[-1]):
        centred = x[..., c] - moving_mean[c]
        spread = np.sqrt(np.mean((x[..., c] - x[..., c].mean()) ** 2) + eps)
        y[..., c] = gamma[c] * centred / spread + beta[c]
    return y
