"""Based on: arrays
Kind: double
Function: batch_norm_infer
Mistake: eps is left out; and beta is added before the multiplication by gamma.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return gamma * ((x - moving_mean) / np.sqrt(moving_var) + beta)
