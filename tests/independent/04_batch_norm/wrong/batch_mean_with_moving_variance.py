"""Based on: helpers
Kind: single
Function: batch_norm_infer
Mistake: The mean of the batch is subtracted, but the divisor comes from the moving variance.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    rows = to_rows(x)
    y = scale_and_shift(normalise(rows, mean_of(rows), moving_var, eps), gamma, beta)
    return y.reshape(x.shape)
