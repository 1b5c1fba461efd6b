"""Based on: arrays
Kind: single
Function: batch_norm_infer
Mistake: Divides by the variance, not by its root.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return gamma * (x - moving_mean) / (moving_var + eps) + beta
