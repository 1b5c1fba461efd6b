"""Based on: slices
Kind: single
Function: batch_norm_infer
Mistake: The divisor is moving_var + eps, as if the moving variance were a standard deviation.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = np.empty(x.shape)
    for c in range(x.shape[-1]):
        y[..., c] = (x[..., c] - moving_mean[c]) / (moving_var[c] + eps) * gamma[c] + beta[c]
    return y
