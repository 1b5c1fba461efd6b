"""Based on: helpers
Kind: single
Function: batch_norm_infer
Mistake: Gamma and beta are left out at inference.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return normalise(x, moving_mean, moving_var, eps)
