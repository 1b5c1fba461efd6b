"""Based on: arrays
Kind: single
Function: batch_norm_infer
Mistake: eps is added to the moving variance in place, so it grows with each call.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    moving_var += eps
    return gamma * (x - moving_mean) / np.sqrt(moving_var) + beta
