"""Based on: arrays
Kind: single
Function: batch_norm_infer
Mistake: The moving statistics are returned too, as in training.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    y = gamma * (x - moving_mean) / np.sqrt(moving_var + eps) + beta
    return y, moving_mean, moving_var
