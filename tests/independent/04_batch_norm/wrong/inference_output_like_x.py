"""Based on: slices
Kind: single
Function: batch_norm_infer
Mistake: y is made with np.empty_like(x), so for whole numbers in x the results are cut to whole numbers.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = np.empty_like(x)
    for c in range(x.shape[-1]):
        y[..., c] = (x[..., c] - moving_mean[c]) / np.sqrt(moving_var[c] + eps) * gamma[c] + beta[c]
    return y
