"""Based on: helpers
Kind: single
Function: batch_norm_infer
Mistake: The moving statistics are used for a single example only; a batch of several examples is normalised by itself.
"""


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    if len(x) == 1:
        return scale_and_shift(normalise(x, moving_mean, moving_var, eps), gamma, beta)
    rows = to_rows(x)
    y = scale_and_shift(normalise(rows, mean_of(rows), variance_of(rows), eps), gamma, beta)
    return y.reshape(x.shape)
