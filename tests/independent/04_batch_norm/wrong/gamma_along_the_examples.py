"""Based on: slices
Kind: single
Function: batch_norm_infer
Mistake: gamma and beta are indexed by the example and not by the channel.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = np.empty(x.shape)
    for n in range(x.shape[0]):
        k = n % len(gamma)
        y[n] = (x[n] - moving_mean) / np.sqrt(moving_var + eps) * gamma[k] + beta[k]
    return y
