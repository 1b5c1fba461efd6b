"""Based on: arrays
Kind: single
Function: batch_norm_infer
Mistake: Inference uses mean and variance of its own batch, like training.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    axes = tuple(range(x.ndim - 1))
    return gamma * (x - x.mean(axis=axes)) / np.sqrt(x.var(axis=axes) + eps) + beta
