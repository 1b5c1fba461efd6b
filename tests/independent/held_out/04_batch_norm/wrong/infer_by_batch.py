"""Based on: helpers
Kind: single
Function: batch_norm_infer
Mistake: Computes the statistics of the batch at inference too.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    rows = to_rows(x)
    y = scale_and_shift(normalise(rows, mean_of(rows), variance_of(rows), eps), gamma, beta)
    return y.reshape(x.shape)
