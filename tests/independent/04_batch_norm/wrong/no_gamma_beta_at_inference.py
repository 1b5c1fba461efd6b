"""Based on: helpers
Kind: single
Function: batch_norm_infer
Mistake: gamma and beta are left out at inference, because they are thought to be needed only for learning.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return normalise(x, moving_mean, moving_var, eps)
