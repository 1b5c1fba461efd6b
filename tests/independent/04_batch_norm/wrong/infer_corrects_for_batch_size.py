"""Based on: arrays
Kind: odd
Function: batch_norm_infer
Mistake: The moving variance is multiplied by n / (n - 1), as in algorithm 2 of the paper, with n the size of the batch at inference.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    n = x.size // x.shape[-1]
    var = moving_var * n / (n - 1) if n > 1 else moving_var
    return gamma * (x - moving_mean) / np.sqrt(var + eps) + beta
