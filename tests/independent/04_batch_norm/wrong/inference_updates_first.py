"""Based on: helpers
Kind: single
Function: batch_norm_infer
Mistake: The moving statistics are first updated with the new batch (momentum 0.99) and then used.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    rows = to_rows(x)
    mean = blend(moving_mean, mean_of(rows), 0.99)
    var = blend(moving_var, variance_of(rows), 0.99)
    return scale_and_shift(normalise(x, mean, var, eps), gamma, beta)
