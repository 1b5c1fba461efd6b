"""Based on: arrays
Kind: single
Function: batch_norm_infer
Mistake: eps is added after the root.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return gamma * (x - moving_mean) / (np.sqrt(moving_var) + eps) + beta
